@echo off
rem A double click opens the map of the folder "district" beside this file on this PC alone.
rem Python 3.11 to 3.13 must be installed; the first start installs from the folder "wheels".
setlocal
cd /d "%~dp0"
set PYTHONUTF8=1
if exist ".venv\Scripts\litong.exe" goto open
py -3 -m venv .venv || goto failed
".venv\Scripts\python.exe" -m pip install --no-index --find-links wheels -c constraints.txt litong-gap-map || goto failed
:open
start "" /b cmd /c "timeout /t 8 /nobreak >nul & start http://127.0.0.1:8501/"
if exist "district\district.toml" (
  ".venv\Scripts\litong.exe" serve district --port 8501
) else (
  ".venv\Scripts\litong.exe" serve --port 8501
)
if not errorlevel 1 exit /b 0
:failed
echo The map could not be opened; the lines above say why.
pause
exit /b 1
