# The system's locale, for login shells.
if [ -z "${LANG:-}" ] && [ -r /etc/locale.conf ]; then
  . /etc/locale.conf
  export LANG
fi
