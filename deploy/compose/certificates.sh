#!/bin/sh
# certificates.sh FOLDER makes an authority and a certificate for each process of the
# suite, unless they are there. A peer's name is its URI, a server's that of its host.
set -eu
cd "$1"
if [ -e done ]; then exit; fi
umask 077

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=Altis Support of this machine" \
  -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.pem 2>/dev/null
for service in identity ticket triage notification emergency gateway; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$service" -keyout "$service.key" -out request.pem 2>/dev/null
  cat >extensions <<EXTENSIONS
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:$service,DNS:localhost,URI:spiffe://altis-support/$service
EXTENSIONS
  openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile extensions -out "$service.pem" 2>/dev/null
done
rm -f ca.key ca.srl request.pem extensions # nobody is to sign with it again
chmod 755 .
chmod 644 ./*.pem
if [ "$(id -u)" = 0 ]; then chown 65532:65532 ./*.key; fi # who runs the programs
touch done
