{{/* The environment of a serving container. Takes ctx, name, svc and services. */}}
{{- define "altis.env" -}}
{{- $prefix := printf "ALTIS_%s_" (upper .name) -}}
{{- $ctx := .ctx -}}
{{- with include "altis.memoryLimit" . }}
- {name: GOMEMLIMIT, value: {{ . }}}
{{- end }}
- {name: {{ $prefix }}ADMIN, value: ":9090"}
{{- if .svc.is.grpc }}
- {name: {{ $prefix }}GRPC, value: ":9000"}
{{- end }}
{{- with get .svc.is.http "http" }}
- {name: {{ $prefix }}HTTP, value: ":{{ . }}"}
{{- end }}
{{- with get .svc.is.http "ack" }}
- {name: {{ $prefix }}ACK_LISTEN, value: ":{{ . }}"}
{{- end }}
- {name: {{ $prefix }}TLS_CERT, value: /etc/altis/tls/tls.crt}
- {name: {{ $prefix }}TLS_KEY, value: /etc/altis/tls/tls.key}
- {name: {{ $prefix }}TLS_CA, value: /etc/altis/tls/ca.crt}
{{- include "altis.env.database" (merge (dict "secret" "existingSecret") .) }}
{{- include "altis.env.redis" . }}
{{- range $peer := .svc.is.peers }}
{{- with include "altis.target" (dict "ctx" $ctx "peer" $peer "services" $.services) }}
- {name: {{ $prefix }}{{ upper $peer }}, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- include "altis.env.own" . }}
{{- range $key, $value := .svc.settings }}
- {name: {{ $prefix }}{{ $key | upper | replace "-" "_" }}, value: {{ include "altis.scalar" $value | quote }}}
{{- end }}
{{- range $key, $ref := .svc.secretSettings }}
- name: {{ $prefix }}{{ $key | upper | replace "-" "_" }}
  valueFrom: {secretKeyRef: {name: {{ $ref.name }}, key: {{ $ref.key }}}}
{{- end }}
{{- if .ctx.Values.trustedCAs }}
- {name: SSL_CERT_DIR, value: /etc/altis/trusted}
{{- end }}
{{- include "altis.env.otel" . }}
{{- with .svc.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Takes "secret" as well: which of the names of Secrets to use, existingSecret or migrationSecret. */}}
{{- define "altis.env.database" -}}
{{- if .svc.is.sql }}
{{- $database := include "altis.database" . | fromYaml }}
{{- $prefix := printf "ALTIS_%s_" (upper .name) }}
- name: {{ $prefix }}DATABASE
  valueFrom: {secretKeyRef: {name: {{ index $database .secret | default $database.existingSecret }}, key: {{ $database.uriKey }}}}
{{- with $database.schema }}
- {name: {{ $prefix }}SCHEMA, value: {{ . }}}
{{- end }}
{{- with $database.sslMode }}
- {name: PGSSLMODE, value: {{ . }}}
{{- end }}
{{- if $database.caSecret }}
- {name: PGSSLROOTCERT, value: /etc/altis/postgres/{{ $database.caKey }}}
{{- end }}
{{- end }}
{{- end }}

{{- define "altis.env.redis" -}}
{{- $redis := .ctx.Values.redis -}}
{{- $name := printf "ALTIS_%s_REDIS" (upper .name) -}}
{{- if and .svc.is.redis $redis.uriKey }}
- name: {{ $name }}
  valueFrom: {secretKeyRef: {name: {{ $redis.existingSecret }}, key: {{ $redis.uriKey }}}}
{{- else if and .svc.is.redis $redis.addresses }}
{{- if $redis.existingSecret }}
- name: REDIS_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $redis.existingSecret }}, key: {{ $redis.passwordKey }}}}
{{- with $redis.sentinelPasswordKey }}
- name: REDIS_SENTINEL_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $redis.existingSecret }}, key: {{ . }}}}
{{- end }}
{{- end }}
- {name: {{ $name }}, value: {{ include "altis.redisURL" $redis | quote }}}
{{- end }}
{{- end }}

{{/* The URL of Redis, with $(REDIS_PASSWORD) for Kubernetes to fill in. */}}
{{- define "altis.redisURL" -}}
{{- $password := ternary "$(REDIS_PASSWORD)" "" (ne .existingSecret "") -}}
{{- $user := ternary (printf "%s:%s@" .username $password) "" (or (ne .username "") (ne .existingSecret "")) -}}
{{- $query := list -}}
{{- if eq .mode "sentinel" -}}
{{- $user = ternary ":$(REDIS_SENTINEL_PASSWORD)@" "" (ne .sentinelPasswordKey "") -}}
{{- $query = append $query (printf "master_name=%s" .masterName) -}}
{{- with .username }}{{ $query = append $query (printf "username=%s" .) }}{{ end -}}
{{- with $password }}{{ $query = append $query (printf "password=%s" .) }}{{ end -}}
{{- end -}}
{{- if ne .mode "single" }}{{ range (ternary .addresses (rest .addresses) (eq .mode "cluster")) }}{{ $query = append $query (printf "addr=%s" .) }}{{ end }}{{ end -}}
{{- ternary "rediss" "redis" .tls }}://{{ $user }}{{ first .addresses }}
{{- if ne .mode "cluster" }}/{{ int64 .database }}{{ end }}
{{- with $query }}?{{ join "&" . }}{{ end -}}
{{- end }}

{{/* What follows from the values of the whole installation for single services. */}}
{{- define "altis.env.own" -}}
{{- $values := .ctx.Values -}}
{{- if eq .name "gateway" }}
{{- with $values.emergencyAddress }}
- {name: ALTIS_GATEWAY_EMERGENCY_ADDRESS, value: {{ . | quote }}}
{{- end }}
{{- else if eq .name "ticket" }}
- {name: ALTIS_TICKET_ATTACHMENTS_URL, value: {{ $values.objectStore.attachments | quote }}}
{{- else if eq .name "notification" }}
- {name: ALTIS_NOTIFICATION_ACK_BASE_URL, value: {{ $values.urls.acknowledge | quote }}}
- {name: ALTIS_NOTIFICATION_DASHBOARD_URL, value: {{ $values.urls.dashboard | quote }}}
{{- with $values.emergencyAddress }}
- {name: ALTIS_NOTIFICATION_EMERGENCY_ADDRESS, value: {{ . | quote }}}
{{- end }}
{{- with $values.objectStore.mails }}
- {name: ALTIS_NOTIFICATION_MAIL_BLOB, value: {{ . | quote }}}
{{- end }}
{{- if .svc.smtp }}
- {name: ALTIS_NOTIFICATION_MAIL_LISTEN, value: ":2525"}
{{- if .svc.smtp.tlsSecret }}
- {name: ALTIS_NOTIFICATION_MAIL_CERT, value: /etc/altis/smtp/tls.crt}
- {name: ALTIS_NOTIFICATION_MAIL_KEY, value: /etc/altis/smtp/tls.key}
{{- end }}
{{- end }}
{{- else if eq .name "emergency" }}
- {name: ALTIS_EMERGENCY_DATA, value: /var/lib/altis}
- {name: ALTIS_EMERGENCY_ADDRESS, value: {{ $values.emergencyAddress | quote }}}
- {name: ALTIS_EMERGENCY_ACK_BASE_URL, value: {{ $values.urls.emergency | quote }}}
- {name: ALTIS_EMERGENCY_DASHBOARD_URL, value: {{ $values.urls.dashboard | quote }}}
- {name: ALTIS_EMERGENCY_SMTP, value: ":2525"}
{{- if .svc.smtp.tlsSecret }}
- {name: ALTIS_EMERGENCY_SMTP_CERT, value: /etc/altis/smtp/tls.crt}
- {name: ALTIS_EMERGENCY_SMTP_KEY, value: /etc/altis/smtp/tls.key}
{{- end }}
{{- end }}
{{- if and .svc.is.objects $values.objectStore.existingSecret }}
- name: AWS_ACCESS_KEY_ID
  valueFrom: {secretKeyRef: {name: {{ $values.objectStore.existingSecret }}, key: {{ $values.objectStore.accessKeyIdKey }}}}
- name: AWS_SECRET_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ $values.objectStore.existingSecret }}, key: {{ $values.objectStore.secretAccessKeyKey }}}}
{{- end }}
{{- end }}

{{- define "altis.env.otel" -}}
{{- $otel := .ctx.Values.otel -}}
{{- if $otel.endpoint }}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- {name: OTEL_RESOURCE_ATTRIBUTES, value: "k8s.namespace.name={{ .ctx.Release.Namespace }},k8s.pod.name=$(POD_NAME)"}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $otel.endpoint | quote }}}
- {name: OTEL_EXPORTER_OTLP_PROTOCOL, value: {{ $otel.protocol }}}
- {name: OTEL_TRACES_SAMPLER, value: {{ $otel.sampler }}}
- {name: OTEL_TRACES_SAMPLER_ARG, value: {{ $otel.samplerArg | quote }}}
{{- if $otel.headersSecret.name }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom: {secretKeyRef: {name: {{ $otel.headersSecret.name }}, key: {{ $otel.headersSecret.key }}}}
{{- end }}
{{- end }}
{{- end }}
