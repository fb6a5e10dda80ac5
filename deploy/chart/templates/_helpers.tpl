{{- define "altis.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride }}
{{- else if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* The labels that never change: of selectors. Takes (dict "ctx" $ "name" NAME), as all that follow. */}}
{{- define "altis.selector" -}}
app.kubernetes.io/name: {{ .ctx.Chart.Name }}
app.kubernetes.io/instance: {{ .ctx.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "altis.labels" -}}
{{ include "altis.selector" . }}
app.kubernetes.io/part-of: {{ .ctx.Chart.Name }}
app.kubernetes.io/version: {{ .ctx.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .ctx.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .ctx.Chart.Name .ctx.Chart.Version | replace "+" "_" }}
{{- with .ctx.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Takes "svc" as well: the component's entry of altis.services. */}}
{{- define "altis.image" -}}
{{- $image := .ctx.Values.image -}}
{{- $repository := printf "%s/%s" (trimSuffix "/" $image.registry) .svc.is.binary -}}
{{- if .svc.digest }}{{ $repository }}@{{ .svc.digest }}
{{- else }}{{ $repository }}:{{ $image.tag | default .ctx.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* A number of the values, which YAML and JSON may have made a float of, as it was written. */}}
{{- define "altis.scalar" -}}
{{- if kindIs "float64" . }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/*
What people reach from outside, as YAML: by name of the URL its host, and the service, port and paths behind it. Only of
services that are enabled.
*/}}
{{- define "altis.fronts" -}}
{{- $fronts := dict "dashboard" (dict "service" "gateway" "port" 8080 "path" "/") "acknowledge" (dict "service" "notification" "port" 8081 "path" "/a/") "emergency" (dict "service" "emergency" "port" 8082 "path" "/a/") -}}
{{- $services := include "altis.services" . | fromYaml -}}
{{- $out := dict -}}
{{- range $url, $front := $fronts -}}
{{- if hasKey $services $front.service }}{{ $_ := set $out $url (set $front "host" (get (urlParse (index $.Values.urls $url)) "hostname")) }}{{ end -}}
{{- end -}}
{{ toYaml $out }}
{{- end }}

{{/* The Secret with the certificate of a component. */}}
{{- define "altis.tlsSecret" -}}
{{- .svc.tlsSecret | default (printf "%s-%s-tls" (include "altis.fullname" .ctx) .name) -}}
{{- end }}

{{/*
Where a peer is reached: what values.peers says, or else the addresses of all its pods, so that calls spread over them. Empty
if it is nowhere. Takes (dict "ctx" $ "peer" NAME "services" SERVICES).
*/}}
{{- define "altis.target" -}}
{{- $elsewhere := index .ctx.Values.peers .peer -}}
{{- if $elsewhere }}{{ $elsewhere }}
{{- else if hasKey .services .peer -}}
dns:///{{ include "altis.fullname" .ctx }}-{{ .peer }}-headless.{{ .ctx.Release.Namespace }}.svc.{{ .ctx.Values.clusterDomain }}:9000
{{- end -}}
{{- end }}

{{/* The database settings of a service over those of all, as YAML. Who owns the tables of one database says nothing of another. */}}
{{- define "altis.database" -}}
{{- $own := dict -}}
{{- if .svc.database.existingSecret }}{{ $_ := set $own "migrationSecret" "" }}{{ end -}}
{{- range $key, $value := .svc.database }}{{ if $value }}{{ $_ := set $own $key $value }}{{ end }}{{ end -}}
{{- toYaml (mergeOverwrite (deepCopy .ctx.Values.postgres) $own) -}}
{{- end }}

{{/* Nine tenths of the memory limit for Go's heap: the collector works harder before the kernel kills. */}}
{{- define "altis.memoryLimit" -}}
{{- $limit := dig "limits" "memory" "" .svc.resources | toString -}}
{{- $number := regexFind "^[0-9]+" $limit -}}
{{- if regexMatch "^[0-9]+Mi$" $limit }}{{ div (mul (int64 $number) 9) 10 }}MiB
{{- else if regexMatch "^[0-9]+Gi$" $limit }}{{ div (mul (int64 $number) 9216) 10 }}MiB
{{- end -}}
{{- end }}
