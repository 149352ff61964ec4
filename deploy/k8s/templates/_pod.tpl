{{/* Takes root, component and values. */}}
{{- define "policy-gateway.arguments" -}}
{{- if eq .root.Values.profile "cluster" -}}
- --role
- {{ .component }}
{{- else -}}
- run
- --config
- /etc/gateway/gateway.json
- --data
- /var/lib/gateway
- --listen
- {{ include "policy-gateway.listen" (dict "root" .root "port" "http") }}
- --admin-listen
- {{ include "policy-gateway.listen" (dict "root" .root "port" "admin") }}
{{- if .root.Values.registry.enabled }}
- --registry-listen
- {{ include "policy-gateway.listen" (dict "root" .root "port" "registry") }}
{{- end }}
- --durability
- {{ .values.durability }}
{{- include "policy-gateway.tlsArguments" . }}
{{- end }}
{{- include "policy-gateway.limitArguments" . }}
{{- include "policy-gateway.authenticityArguments" . }}
{{- with .values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes root, path, port and timing. The kubelet does not verify certificates. */}}
{{- define "policy-gateway.probe" -}}
httpGet:
  path: {{ .path }}
  port: {{ .port }}
  {{- if eq (include "policy-gateway.scheme" .) "https" }}
  scheme: HTTPS
  {{- end }}
{{ toYaml .timing }}
{{- end -}}

{{/* Takes root, component and values: the container of the gateway. */}}
{{- define "policy-gateway.container" -}}
{{- $silo := eq .component "silo" -}}
{{- $port := ternary "admin" "http" $silo -}}
name: gateway
image: {{ include "policy-gateway.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- with .root.Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
args:
  {{- include "policy-gateway.arguments" . | nindent 2 }}
env:
  {{- include "policy-gateway.environment" . | nindent 2 }}
{{- if not $silo }}
{{- if or .root.Values.secretEnv .root.Values.envFrom }}
envFrom:
  {{- if .root.Values.secretEnv }}
  - secretRef:
      name: {{ include "policy-gateway.fullname" .root }}-env
  {{- end }}
  {{- with .root.Values.envFrom }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}
ports:
  {{- if $silo }}
  - name: silo
    containerPort: {{ int .values.siloPort }}
  - name: client
    containerPort: {{ int .values.clientPort }}
  {{- else }}
  - name: http
    containerPort: 8080
  {{- end }}
  - name: admin
    containerPort: 9090
  {{- if and .root.Values.registry.enabled (not $silo) }}
  - name: registry
    containerPort: 8443
  {{- end }}
  {{- if and .root.Values.rateLimitService.enabled (not $silo) }}
  - name: rate-limit
    containerPort: 8081
  {{- end }}
startupProbe:
  {{- include "policy-gateway.probe" (dict "root" .root "path" "/livez" "port" $port "timing" .values.startupProbe) | nindent 2 }}
readinessProbe:
  {{- include "policy-gateway.probe" (dict "root" .root "path" "/readyz" "port" $port "timing" .values.readinessProbe) | nindent 2 }}
livenessProbe:
  {{- include "policy-gateway.probe" (dict "root" .root "path" "/livez" "port" $port "timing" .values.livenessProbe) | nindent 2 }}
{{- with int .values.preStopSleepSeconds }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ . }}
{{- end }}
{{- with .values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if not $silo }}
  - name: config
    mountPath: /etc/gateway
    readOnly: true
  - name: data
    mountPath: /var/lib/gateway
  {{- end }}
  {{- with include "policy-gateway.tlsVolumeMounts" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with include "policy-gateway.limitVolumeMounts" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with include "policy-gateway.authenticityVolumeMounts" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with .values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Takes root, component and values. */}}
{{- define "policy-gateway.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- if ne .component "silo" }}
- name: config
  {{- include "policy-gateway.configVolume" (dict "root" .root "suffix" (include "policy-gateway.configSuffix" .root)) | nindent 2 }}
- name: data
  {{- if eq .component "frontend" }}
  {{- toYaml .values.dataVolume | nindent 2 }}
  {{- else if .values.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ .values.persistence.existingClaim | default (printf "%s-data" (include "policy-gateway.fullname" .root)) }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- include "policy-gateway.tlsVolumes" . }}
{{- include "policy-gateway.limitVolumes" . }}
{{- include "policy-gateway.authenticityVolumes" . }}
{{- with .values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes root, component and values: the constraints, each with a selector. */}}
{{- define "policy-gateway.topologySpread" -}}
{{- $own := dict "labelSelector" (dict "matchLabels" (include "policy-gateway.selectorLabels" . | fromYaml)) "matchLabelKeys" (list "pod-template-hash") -}}
{{- $constraints := list -}}
{{- range .values.topologySpreadConstraints -}}
{{- $constraints = append $constraints (hasKey . "labelSelector" | ternary . (merge (dict) . $own)) -}}
{{- end -}}
{{- toYaml $constraints -}}
{{- end -}}

{{/* Takes root, component and values. */}}
{{- define "policy-gateway.podAnnotations" -}}
{{- with include "policy-gateway.secretChecksum" . }}
checksum/secret: {{ . | quote }}
{{- end }}
{{- with merge (dict) .values.podAnnotations .root.Values.commonAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes root, component and values: the template of a Deployment. */}}
{{- define "policy-gateway.podTemplate" -}}
metadata:
  labels:
    {{- include "policy-gateway.selectorLabels" . | nindent 4 }}
    {{- if and (eq .root.Values.profile "cluster") (eq .root.Values.store.type "azure") .root.Values.store.azure.workloadIdentity.enabled }}
    azure.workload.identity/use: "true"
    {{- end }}
    {{- with merge (dict) .values.podLabels .root.Values.commonLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with include "policy-gateway.podAnnotations" . | fromYaml }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "policy-gateway.serviceAccountName" .root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ int .values.terminationGracePeriodSeconds }}
  {{- with .root.Values.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- with .values.hostAliases }}
  hostAliases:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.dnsPolicy }}
  dnsPolicy: {{ . }}
  {{- end }}
  {{- with .values.dnsConfig }}
  dnsConfig:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.affinity }}
  affinity:
    {{- tpl (toYaml .) $.root | nindent 4 }}
  {{- end }}
  {{- if .values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- include "policy-gateway.topologySpread" . | nindent 4 }}
  {{- end }}
  {{- with .values.extraInitContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - {{ include "policy-gateway.container" . | indent 6 | trim }}
    {{- with .values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "policy-gateway.volumes" . | nindent 4 }}
{{- end -}}

{{/* Takes root, component and values: a Deployment that scales. */}}
{{- define "policy-gateway.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "policy-gateway.metadata" (dict "root" .root "component" .component "name" .component) | nindent 2 }}
spec:
  {{- if not .values.autoscaling.enabled }}
  replicas: {{ int .values.replicas }}
  {{- end }}
  minReadySeconds: {{ int .values.minReadySeconds }}
  revisionHistoryLimit: {{ int .values.revisionHistoryLimit }}
  strategy:
    type: {{ .values.strategy.type }}
    {{- if eq .values.strategy.type "RollingUpdate" }}
    rollingUpdate:
      {{- toYaml .values.strategy.rollingUpdate | nindent 6 }}
    {{- end }}
  selector:
    matchLabels:
      {{- include "policy-gateway.selectorLabels" . | nindent 6 }}
  template:
    {{- include "policy-gateway.podTemplate" . | nindent 4 }}
{{- end -}}
