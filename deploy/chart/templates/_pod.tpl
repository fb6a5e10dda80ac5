{{/* The pod of a component, for Deployment and StatefulSet. Takes ctx, name, svc and services. */}}
{{- define "altis.pod" -}}
metadata:
  labels: {{- include "altis.labels" . | nindent 4 }}
    {{- with .svc.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    kubectl.kubernetes.io/default-container: {{ .name }}
    {{- with .svc.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "altis.fullname" .ctx }}-{{ .name }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .svc.terminationGracePeriodSeconds }}
  securityContext: {{- toYaml .svc.podSecurityContext | nindent 4 }}
  # Names of this chart have more dots than that: they are asked for as they are, not below each search domain first.
  dnsConfig: {options: [{name: ndots, value: "2"}]}
  {{- with .ctx.Values.image.pullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .svc.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .svc.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .svc.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .svc.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- if not .svc.is.stateful }}
  topologySpreadConstraints:
    {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "altis.selector" $ | nindent 10 }}
      matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "altis.image" . }}
      imagePullPolicy: {{ .ctx.Values.image.pullPolicy }}
      {{- with .svc.is.command }}
      args: [{{ . }}]
      {{- end }}
      securityContext: {{- toYaml .svc.securityContext | nindent 8 }}
      ports:
        {{- if .svc.is.grpc }}
        - {name: grpc, containerPort: 9000}
        {{- end }}
        {{- range $port, $number := .svc.is.http }}
        - {name: {{ $port }}, containerPort: {{ $number }}}
        {{- end }}
        {{- if .svc.smtp }}
        - {name: smtp, containerPort: 2525}
        {{- end }}
        - {name: admin, containerPort: 9090}
      env: {{- include "altis.env" . | trim | nindent 8 }}
      {{- with .svc.extraEnvFrom }}
      envFrom: {{- toYaml . | nindent 8 }}
      {{- end }}
      lifecycle: {preStop: {sleep: {seconds: {{ .svc.preStopSeconds }}}}}
      startupProbe: {httpGet: {path: /livez, port: admin}, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 30}
      livenessProbe: {httpGet: {path: /livez, port: admin}, periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 3}
      readinessProbe: {httpGet: {path: /readyz, port: admin}, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2}
      resources: {{- toYaml .svc.resources | nindent 8 }}
      volumeMounts: {{- include "altis.mounts" . | trim | nindent 8 }}
  volumes: {{- include "altis.volumes" . | trim | nindent 4 }}
{{- end }}

{{/* Secrets are mounted as directories: a file that is mounted by itself never changes, and certificates do. */}}
{{- define "altis.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: tls, mountPath: /etc/altis/tls, readOnly: true}
{{- if and .svc.is.sql .ctx.Values.postgres.caSecret }}
- {name: postgres-ca, mountPath: /etc/altis/postgres, readOnly: true}
{{- end }}
{{- if get .svc.smtp "tlsSecret" }}
- {name: smtp-tls, mountPath: /etc/altis/smtp, readOnly: true}
{{- end }}
{{- if .ctx.Values.trustedCAs }}
- {name: trusted, mountPath: /etc/altis/trusted, readOnly: true}
{{- end }}
{{- if .svc.is.stateful }}
- {name: data, mountPath: /var/lib/altis}
{{- end }}
{{- with .svc.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "altis.volumes" -}}
- {name: tmp, emptyDir: {sizeLimit: {{ .svc.tmpSize }}}}
- {name: tls, secret: {secretName: {{ include "altis.tlsSecret" . }}, defaultMode: 0440}}
{{- if and .svc.is.sql .ctx.Values.postgres.caSecret }}
- {name: postgres-ca, secret: {secretName: {{ .ctx.Values.postgres.caSecret }}, items: [{key: {{ .ctx.Values.postgres.caKey }}, path: {{ .ctx.Values.postgres.caKey }}}]}}
{{- end }}
{{- with get .svc.smtp "tlsSecret" }}
- {name: smtp-tls, secret: {secretName: {{ . }}, defaultMode: 0440}}
{{- end }}
{{- with .ctx.Values.trustedCAs }}
- name: trusted
  projected:
    sources:
      {{- range $index, $ca := . }}
      - {{ ternary "secret" "configMap" (hasKey $ca "secret") }}: {name: {{ get $ca "secret" | default (get $ca "configMap") }}, items: [{key: {{ $ca.key }}, path: {{ $index }}.crt}]}
      {{- end }}
{{- end }}
{{- with .svc.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
