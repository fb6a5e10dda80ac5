{{/* Fails with everything that is missing at once. */}}
{{- define "altis.validate" -}}
{{- $v := .Values -}}
{{- $services := include "altis.services" . | fromYaml -}}
{{- $faults := list -}}
{{- if not $services }}{{ $faults = append $faults "no service is enabled" }}{{ end -}}
{{- if not $v.image.registry }}{{ $faults = append $faults "image.registry is needed: the images are REGISTRY/identityd and so on" }}{{ end -}}
{{- if and $v.tls.certManager (not (get $v.tls.issuerRef "name")) }}{{ $faults = append $faults "tls.issuerRef.name is needed: services know each other by certificates (or set tls.certManager to false and name existing Secrets)" }}{{ end -}}
{{- if or (get $services "gateway") (get $services "notification") (get $services "emergency") }}{{ if not $v.urls.dashboard }}{{ $faults = append $faults "urls.dashboard is needed: mails and pages link to it" }}{{ end }}{{ end -}}
{{- range $name, $svc := $services -}}
{{- range $peer := $svc.is.peers -}}
{{- if and (not (has $peer $svc.is.optional)) (not (include "altis.target" (dict "ctx" $ "peer" $peer "services" $services))) }}{{ $faults = append $faults (printf "peers.%s is needed: %s calls it, and it is not enabled in this release" $peer $name) }}{{ end -}}
{{- end -}}
{{- if $svc.is.sql -}}
{{- $database := include "altis.database" (dict "ctx" $ "svc" $svc) | fromYaml -}}
{{- if not $database.existingSecret }}{{ $faults = append $faults (printf "postgres.existingSecret or services.%s.database.existingSecret is needed: the Secret with the URI of the database" $name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if (get $services "identity") }}{{ if not (hasKey $services.identity.secretSettings "key-encryption-key") }}{{ $faults = append $faults "services.identity.secretSettings.key-encryption-key is needed: {name: SECRET, key: KEY} of 32 bytes in base64, without which the keys that sign logins would lie open in the database" }}{{ end }}{{ end -}}
{{- if (get $services "ticket") }}{{ if not $v.objectStore.attachments }}{{ $faults = append $faults "objectStore.attachments is needed: where files of tickets are kept" }}{{ end }}{{ end -}}
{{- if (get $services "notification") -}}
{{- if not $v.urls.acknowledge }}{{ $faults = append $faults "urls.acknowledge is needed: pages carry links under it" }}{{ end -}}
{{- if $services.notification.smtp }}{{ if not $v.objectStore.mails }}{{ $faults = append $faults "objectStore.mails is needed: services.notification.smtp takes mails, which are kept there" }}{{ end }}{{ end -}}
{{- end -}}
{{- if (get $services "emergency") -}}
{{- if not $v.emergencyAddress }}{{ $faults = append $faults "emergencyAddress is needed: the emergency mailbox takes mails for it" }}{{ end -}}
{{- if not $v.urls.emergency }}{{ $faults = append $faults "urls.emergency is needed: pages of the emergency mailbox carry links under it" }}{{ end -}}
{{- if not (hasKey $services.emergency.secretSettings "fallback-contact") }}{{ $faults = append $faults "services.emergency.secretSettings.fallback-contact is needed: whom to page before notification was ever reached" }}{{ end -}}
{{- end -}}
{{- if and $v.redis.uriKey (not $v.redis.existingSecret) }}{{ $faults = append $faults "redis.existingSecret is needed: redis.uriKey is a key of it" }}{{ end -}}
{{- if and (eq $v.redis.mode "sentinel") $v.redis.addresses (not $v.redis.masterName) (not $v.redis.uriKey) }}{{ $faults = append $faults "redis.masterName is needed with redis.mode sentinel" }}{{ end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) }}{{ $faults = append $faults "httpRoute.parentRefs is needed: the Gateway to attach to" }}{{ end -}}
{{- if $v.grpcRoute.enabled -}}
{{- if not $v.grpcRoute.parentRefs }}{{ $faults = append $faults "grpcRoute.parentRefs is needed: the Gateway to attach to" }}{{ end -}}
{{- if not $v.grpcRoute.hostname }}{{ $faults = append $faults "grpcRoute.hostname is needed: the host of the API for tooling" }}{{ end -}}
{{- end -}}
{{- if $faults }}{{ fail (printf "%s\n  %s" "values are missing:" (join "\n  " $faults)) }}{{ end -}}
{{- end }}
