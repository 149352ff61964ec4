{{/* Every refusal names the value, what is wrong, and a way out. All of them at once. */}}
{{- define "policy-gateway.validate" -}}
{{- $problems := list -}}
{{- range $check := list "profile" "store" "config" "plainSecrets" "scaling" "pods" "resources" "network" "clusterTls" "monitoring" -}}
{{- $found := include (printf "policy-gateway.validate.%s" $check) $ | fromJsonArray -}}
{{- $problems = concat $problems $found -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n\nThese values cannot work:\n- %s\n" (join "\n- " $problems)) -}}
{{- end -}}
{{- end -}}

{{- define "policy-gateway.validate.profile" -}}
{{- $problems := list -}}
{{- if not (has .Values.profile (list "single" "fleet" "cluster")) -}}
{{- $problems = append $problems (printf "profile is %q: set it to single, fleet or cluster" .Values.profile) -}}
{{- end -}}
{{- if not (has .Values.store.type (list "postgres" "azure")) -}}
{{- $problems = append $problems (printf "store.type is %q: set it to postgres or azure" .Values.store.type) -}}
{{- end -}}
{{- if and (eq .Values.profile "fleet") (eq .Values.store.type "azure") -}}
{{- $problems = append $problems "store.type is azure, but the profile fleet counts in PostgreSQL: set store.type=postgres, or profile=cluster" -}}
{{- end -}}
{{- /* Values that are the chart's own cannot be told from values that somebody wrote. */ -}}
{{- if and (eq .Values.profile "single") (or (ne (int .Values.frontends.replicas) 2) .Values.frontends.autoscaling.enabled) -}}
{{- $problems = append $problems "frontends.replicas or frontends.autoscaling is set, but the profile single runs one process: set profile=fleet or profile=cluster, or omit it" -}}
{{- end -}}
{{- if and (ne .Values.profile "cluster") (or (ne (int .Values.silos.replicas) 3) .Values.silos.autoscaling.enabled) -}}
{{- $problems = append $problems (printf "silos.replicas or silos.autoscaling is set, but the profile %s has no silos: set profile=cluster, or omit it" .Values.profile) -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.store" -}}
{{- $problems := list -}}
{{- $postgres := .Values.store.postgres -}}
{{- $azure := .Values.store.azure -}}
{{- if eq .Values.profile "single" -}}
{{- else if eq .Values.store.type "postgres" -}}
{{- $whole := and $postgres.existingSecret $postgres.existingSecretUrlKey -}}
{{- if and $postgres.existingSecretUrlKey (not $postgres.existingSecret) -}}
{{- $problems = append $problems "store.postgres.existingSecretUrlKey names a key of no Secret: set store.postgres.existingSecret too" -}}
{{- end -}}
{{- if not (or $whole $postgres.host) -}}
{{- $problems = append $problems (printf "the profile %s needs a database: set store.postgres.host, or store.postgres.existingSecret and existingSecretUrlKey for a whole URL" .Values.profile) -}}
{{- end -}}
{{- if not (or $postgres.existingSecret (include "policy-gateway.storeSecretValue" .)) -}}
{{- $problems = append $problems "the database has no password: set store.postgres.password, or store.postgres.existingSecret" -}}
{{- end -}}
{{- if and $postgres.password $postgres.existingSecret -}}
{{- $problems = append $problems "store.postgres.password and store.postgres.existingSecret are both set: keep one" -}}
{{- end -}}
{{- else if $azure.workloadIdentity.enabled -}}
{{- if not (and $azure.account $azure.workloadIdentity.clientId) -}}
{{- $problems = append $problems "workload identity needs store.azure.account and store.azure.workloadIdentity.clientId" -}}
{{- end -}}
{{- if or $azure.existingSecret $azure.connectionString -}}
{{- $problems = append $problems "store.azure.workloadIdentity is enabled beside a connection string: keep one" -}}
{{- end -}}
{{- else if not (or $azure.existingSecret (include "policy-gateway.storeSecretValue" .)) -}}
{{- $problems = append $problems "the storage account is not named: set store.azure.connectionString, store.azure.existingSecret, or store.azure.workloadIdentity.enabled with store.azure.account" -}}
{{- else if and $azure.existingSecret $azure.connectionString -}}
{{- $problems = append $problems "store.azure.connectionString and store.azure.existingSecret are both set: keep one" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.config" -}}
{{- $problems := list -}}
{{- $config := .Values.config -}}
{{- $written := or $config.servers $config.policies $config.grants $config.publicUrl $config.allowedOrigins $config.allowedHosts $config.trustedProxies .Values.policyFiles -}}
{{- if and .Values.existingConfigMap $written -}}
{{- $problems = append $problems (printf "existingConfigMap is %q, so config and policyFiles would be ignored: move them into that ConfigMap, or leave existingConfigMap empty" .Values.existingConfigMap) -}}
{{- end -}}
{{- if and .Values.existingConfigMapItems (not .Values.existingConfigMap) -}}
{{- $problems = append $problems "existingConfigMapItems are set without existingConfigMap" -}}
{{- end -}}
{{- range $name, $policy := $config.policies -}}
{{- $file := get $policy "file" | default "" -}}
{{- if and $file (not (hasKey $.Values.policyFiles (trimPrefix "policies/" $file))) -}}
{{- $problems = append $problems (printf "config.policies.%s reads %q: add the key %q to policyFiles" $name $file (trimPrefix "policies/" $file)) -}}
{{- else if and $file (not (hasPrefix "policies/" $file)) -}}
{{- $problems = append $problems (printf "config.policies.%s reads %q: write %q, where policyFiles are" $name $file (printf "policies/%s" $file)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $content := .Values.policyFiles -}}
{{- if kindIs "string" $content -}}
{{- with get (fromJson $content) "Error" -}}
{{- $problems = append $problems (printf "policyFiles.%s is not a JSON document, and a pod that starts with it ends: %s. gateway policy validate %s shows where" $name . $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.adminKey.value .Values.adminKey.existingSecret -}}
{{- $problems = append $problems "adminKey.value and adminKey.existingSecret are both set: keep one" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{/* Whether a text is a secret written plainly: it has no ${NAME}. */}}
{{- define "policy-gateway.isPlain" -}}
{{- if and . (not (regexMatch "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" (toString .))) }}true{{ end -}}
{{- end -}}

{{- define "policy-gateway.validate.plainSecrets" -}}
{{- $places := list -}}
{{- range $name, $grant := .Values.config.grants -}}
{{- if include "policy-gateway.isPlain" (get $grant "token") }}{{ $places = append $places (printf "config.grants.%s.token" $name) }}{{ end -}}
{{- end -}}
{{- range $name, $server := .Values.config.servers -}}
{{- range $header, $value := get $server "headers" | default dict -}}
{{- if and (regexMatch "(?i)authorization|cookie|token|secret|key|password" $header) (include "policy-gateway.isPlain" $value) -}}
{{- $places = append $places (printf "config.servers.%s.headers.%s" $name $header) -}}
{{- end -}}
{{- end -}}
{{- range $variable, $value := get $server "env" | default dict -}}
{{- if and (regexMatch "(?i)token|secret|key|password" $variable) (include "policy-gateway.isPlain" $value) -}}
{{- $places = append $places (printf "config.servers.%s.env.%s" $name $variable) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if include "policy-gateway.isPlain" (get (.Values.config.admin | default dict) "key") }}{{ $places = append $places "config.admin.key" }}{{ end -}}
{{- $problems := list -}}
{{- range $places -}}
{{- $problems = append $problems (printf "%s is written plainly and would be readable in a ConfigMap: write ${NAME} and give NAME by secretEnv or envFrom" .) -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.scaling" -}}
{{- $problems := list -}}
{{- $components := dict "single" list "fleet" (list "frontends") "cluster" (list "frontends" "silos") -}}
{{- range $name := get $components .Values.profile | default list -}}
{{- $component := get $.Values $name -}}
{{- $scaling := $component.autoscaling -}}
{{- $budget := $component.podDisruptionBudget -}}
{{- $least := ternary (int $scaling.minReplicas) (int $component.replicas) $scaling.enabled -}}
{{- if $scaling.enabled -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- $problems = append $problems (printf "%s.autoscaling.minReplicas is above maxReplicas" $name) -}}
{{- end -}}
{{- $keda := $scaling.keda | default dict -}}
{{- $open := int (get $scaling "targetOpenCalls") -}}
{{- $further := ternary (get $keda "triggers") $scaling.metrics (get $keda "enabled" | default false) -}}
{{- if not (or (int $scaling.targetCPUUtilizationPercentage) $open $further) -}}
{{- $problems = append $problems (printf "%s.autoscaling has nothing to scale by: set targetCPUUtilizationPercentage or metrics" $name) -}}
{{- end -}}
{{- if and (get $keda "enabled") $scaling.metrics -}}
{{- $problems = append $problems (printf "%s.autoscaling.metrics are a HorizontalPodAutoscaler's: with KEDA write keda.triggers" $name) -}}
{{- end -}}
{{- if and (get $keda "enabled") $open (not (get $keda "prometheus")) -}}
{{- $problems = append $problems (printf "%s.autoscaling.targetOpenCalls is read from Prometheus by KEDA: set %s.autoscaling.keda.prometheus" $name $name) -}}
{{- end -}}
{{- if and (int $scaling.targetCPUUtilizationPercentage) (not (dig "requests" "cpu" "" ($component.resources | default dict))) -}}
{{- $problems = append $problems (printf "%s.autoscaling measures CPU against the request: set %s.resources.requests.cpu" $name $name) -}}
{{- end -}}
{{- end -}}
{{- if $budget.enabled -}}
{{- $minimum := include "policy-gateway.isSet" $budget.minAvailable -}}
{{- $maximum := include "policy-gateway.isSet" $budget.maxUnavailable -}}
{{- if eq $minimum $maximum -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget takes exactly one of minAvailable and maxUnavailable: set the other to \"\"" $name) -}}
{{- else if and $minimum (not (kindIs "string" $budget.minAvailable)) -}}
{{- if ge (int $budget.minAvailable) $least -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget.minAvailable is %d of %d pods, so no node could be drained: raise the pods, or lower it" $name (int $budget.minAvailable) $least) -}}
{{- end -}}
{{- else if $minimum -}}
{{- $kept := ceil (divf (mulf (trimSuffix "%" $budget.minAvailable | float64) $least) 100) | int -}}
{{- if ge $kept $least -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget.minAvailable is %s of %d pods, rounded up to %d, so no node could be drained: lower it, or set maxUnavailable" $name $budget.minAvailable $least $kept) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.pods" -}}
{{- $problems := list -}}
{{- range $name := list "single" "frontends" "silos" -}}
{{- $component := get $.Values $name -}}
{{- $least := add (int $component.preStopSleepSeconds) (int $component.shutdownSeconds) 10 -}}
{{- if lt (int $component.terminationGracePeriodSeconds) (int $least) -}}
{{- $problems = append $problems (printf "%s.terminationGracePeriodSeconds is %d, so the process would be killed while it still ends: set it to at least %d (preStopSleepSeconds + shutdownSeconds + 10)" $name (int $component.terminationGracePeriodSeconds) $least) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "single" "frontends" "silos" -}}
{{- $component := get $.Values $name -}}
{{- if and (eq $component.dnsPolicy "None") (not (get ($component.dnsConfig | default dict) "nameservers")) -}}
{{- $problems = append $problems (printf "%s.dnsPolicy is None, so the pods could not resolve names: set %s.dnsConfig.nameservers" $name $name) -}}
{{- end -}}
{{- end -}}
{{- if and (not .Values.single.persistence.enabled) .Values.single.persistence.existingClaim -}}
{{- $problems = append $problems "single.persistence.existingClaim is set while single.persistence.enabled is false" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{/* A quantity of the API as a number. */}}
{{- define "policy-gateway.amount" -}}
{{- $factors := dict "" 1.0 "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 -}}
{{- $number := regexFind "^[0-9.]+([eE][-+]?[0-9]+)?" (toString .) | float64 -}}
{{- mulf $number (get $factors (regexFind "[A-Za-z]+$" (toString .))) -}}
{{- end -}}

{{- define "policy-gateway.validate.resources" -}}
{{- $problems := list -}}
{{- range $name := list "single" "frontends" "silos" -}}
{{- $resources := (get $.Values $name).resources | default dict -}}
{{- $limits := get $resources "limits" | default dict -}}
{{- range $what, $request := get $resources "requests" | default dict -}}
{{- if and (hasKey $limits $what) (gt (include "policy-gateway.amount" $request | float64) (include "policy-gateway.amount" (get $limits $what) | float64)) -}}
{{- $problems = append $problems (printf "%s.resources.requests.%s is %v, above its limit of %v: no node would accept the pod; raise the limit, or lower the request" $name $what $request (get $limits $what)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.network" -}}
{{- $problems := list -}}
{{- $tls := .Values.tls -}}
{{- if and $tls.enabled (not $tls.existingSecret) -}}
{{- $problems = append $problems "tls.enabled needs a certificate: set tls.existingSecret to a Secret of type kubernetes.io/tls" -}}
{{- end -}}
{{- if and $tls.admin.enabled (not (or $tls.admin.existingSecret $tls.existingSecret)) -}}
{{- $problems = append $problems "tls.admin.enabled needs a certificate: set tls.admin.existingSecret, or tls.existingSecret, to a Secret of type kubernetes.io/tls" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- $problems = append $problems "ingress is enabled without hosts: set ingress.hosts, each with a host" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- $problems = append $problems "httpRoute is enabled without parentRefs: name the Gateway that it attaches to" -}}
{{- end -}}
{{- if and .Values.registry.enabled (eq .Values.profile "cluster") -}}
{{- $problems = append $problems "registry.enabled needs the profile single or fleet: gateway-cluster has no registry for clients" -}}
{{- end -}}
{{- $limits := .Values.rateLimitService -}}
{{- if and $limits.enabled (not $limits.limits) -}}
{{- $problems = append $problems "rateLimitService is enabled without limits: set rateLimitService.limits, a file for each domain" -}}
{{- end -}}
{{- if and $limits.enabled (not (or $limits.existingSecret $limits.clientCaSecret)) -}}
{{- $problems = append $problems "rateLimitService needs a proof from its callers: set rateLimitService.existingSecret, with tokens, or clientCaSecret" -}}
{{- end -}}
{{- if and $limits.clientCaSecret (not $tls.enabled) -}}
{{- $problems = append $problems "rateLimitService.clientCaSecret needs tls.enabled: without TLS no caller has a certificate" -}}
{{- end -}}
{{- $ports := list 9090 (int .Values.silos.siloPort) (int .Values.silos.clientPort) -}}
{{- if lt (len (uniq $ports)) 3 -}}
{{- $problems = append $problems "silos.siloPort, silos.clientPort and the admin port 9090 must differ" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.clusterTls" -}}
{{- $problems := list -}}
{{- $tls := .Values.clusterTls -}}
{{- if not (has $tls.source (list "generate" "certManager" "existingSecrets" "none")) -}}
{{- $problems = append $problems (printf "clusterTls.source is %q: set it to generate, certManager, existingSecrets or none" $tls.source) -}}
{{- else if and (eq $tls.source "existingSecrets") (not (and $tls.existingSecrets.silo $tls.existingSecrets.frontend)) -}}
{{- $problems = append $problems "clusterTls.source is existingSecrets: set clusterTls.existingSecrets.silo and clusterTls.existingSecrets.frontend to Secrets of type kubernetes.io/tls with ca.crt" -}}
{{- else if and (eq $tls.source "certManager") (not $tls.certManager.issuerRef.name) -}}
{{- $problems = append $problems "clusterTls.source is certManager: set clusterTls.certManager.issuerRef.name to an issuer with a private authority" -}}
{{- end -}}
{{- if and $tls.existingSecrets.silo (eq $tls.existingSecrets.silo $tls.existingSecrets.frontend) -}}
{{- $problems = append $problems "clusterTls.existingSecrets.silo and clusterTls.existingSecrets.frontend are one Secret: a frontend must not hold the silos' key, so give each its own" -}}
{{- end -}}
{{- if and (eq .Values.profile "cluster") (ne $tls.source "none") (not (regexMatch "^[A-Za-z0-9.-]+$" (include "policy-gateway.clusterId" .))) -}}
{{- $problems = append $problems "silos.clusterId is part of the DNS name in the certificates: use letters, digits, hyphens and dots, or set clusterTls.source=none" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.monitoring" -}}
{{- $problems := list -}}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled -}}
{{- $problems = append $problems "serviceMonitor and podMonitor are both enabled, so every process would be scraped twice: keep one" -}}
{{- end -}}
{{- $alerts := list "GatewaySiloLost" -}}
{{- range (include "policy-gateway.alerts" . | fromYaml).rules }}{{ $alerts = append $alerts .alert }}{{ end -}}
{{- range .Values.prometheusRule.disabled -}}
{{- if not (has . $alerts) -}}
{{- $problems = append $problems (printf "prometheusRule.disabled names %s, but no alert has this name: the runbook lists them" .) -}}
{{- end -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}
