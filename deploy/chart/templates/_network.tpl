{{/* The rules of what comes in: callers' gRPC, what is public, administration. */}}
{{- define "altis.ingress" -}}
{{- $policy := .ctx.Values.networkPolicy -}}
{{- if .svc.is.grpc }}
- ports: [{protocol: TCP, port: 9000}]
  from:
    {{- range $caller, $svc := .services }}
    {{- if has $.name $svc.is.peers }}
    - podSelector:
        matchLabels: {{- include "altis.selector" (dict "ctx" $.ctx "name" $caller) | nindent 10 }}
    {{- end }}
    {{- end }}
    {{- with .svc.allowFrom }}{{ toYaml . | nindent 4 }}{{ end }}
{{- if and .svc.is.public .ctx.Values.grpcRoute.enabled }}
- ports: [{protocol: TCP, port: 9000}]
  {{- with $policy.ingressFrom }}
  from: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- range .svc.is.http }}
- ports: [{protocol: TCP, port: {{ . }}}]
  {{- with $policy.ingressFrom }}
  from: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- if .svc.smtp }}
- ports: [{protocol: TCP, port: 2525}]
{{- end }}
{{- with $policy.monitoringFrom }}
- ports: [{protocol: TCP, port: 9090}]
  from: {{- toYaml . | nindent 4 }}
{{- end }}
{{- end }}

{{/* The rules of what goes out. */}}
{{- define "altis.egress" -}}
{{- $values := .ctx.Values -}}
{{- $policy := $values.networkPolicy -}}
{{- include "altis.egress.to" $policy.dns }}
{{- $elsewhere := false }}
{{- range $peer := .svc.is.peers }}
{{- if index $values.peers $peer }}{{ $elsewhere = true }}
{{- else if hasKey $.services $peer }}
- ports: [{protocol: TCP, port: 9000}]
  to:
    - podSelector:
        matchLabels: {{- include "altis.selector" (dict "ctx" $.ctx "name" $peer) | nindent 10 }}
{{- end }}
{{- end }}
{{- if $elsewhere }}
{{ include "altis.egress.to" $policy.peers }}
{{- end }}
{{- if .svc.is.sql }}
{{ include "altis.egress.to" $policy.postgres }}
{{- end }}
{{- if and .svc.is.redis (or $values.redis.addresses $values.redis.uriKey) }}
{{ include "altis.egress.to" $policy.redis }}
{{- end }}
{{- if and .svc.is.objects (or (eq .name "ticket") $values.objectStore.mails) }}
{{ include "altis.egress.to" $policy.objectStore }}
{{- end }}
{{- if .svc.is.outward }}
{{ include "altis.egress.to" $policy.outward }}
{{- end }}
{{- if $values.otel.endpoint }}
{{ include "altis.egress.to" $policy.otel }}
{{- end }}
{{- with $policy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* One rule: to whom and on which ports; DNS is asked by UDP as well. */}}
{{- define "altis.egress.to" -}}
- ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ . }}}
    {{- if eq (int .) 53 }}
    - {protocol: UDP, port: {{ . }}}
    {{- end }}
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
