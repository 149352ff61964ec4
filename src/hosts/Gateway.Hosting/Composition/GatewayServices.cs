using Gateway.Admin;
using Gateway.Admin.Connections;
using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Audit.Arguments;
using Gateway.Audit.Erasing;
using Gateway.Audit.Reading;
using Gateway.Audit.Shipping;
using Gateway.Audit.Sinks;
using Gateway.Audit.Writing;
using Gateway.Catalogue.Keeping;
using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Control.Network;
using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Hosting.Draining;
using Gateway.Hosting.Options;
using Gateway.Limits.Model;
using Gateway.Proxy;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Registry;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Http;
using Gateway.Proxy.Upstreams.Pool;
using Gateway.Proxy.Upstreams.Stdio;
using Gateway.Storage.Local.Files;
using Gateway.Storage.Postgres.AuditRecords;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Hosting.Composition;

/// <summary>Adds the gateway to a host.</summary>
public static class GatewayServices
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Registers the pipeline. The host adds the services that differ between hosts: an <see cref="ILimiter"/>, an
        /// <see cref="IEngineHealth"/>, a <see cref="ProcessClock"/> and, if the control documents are not files in the
        /// data directory, an <see cref="IControlStore"/>. It opens the <see cref="ConfigFileWatcher"/>, then listens.
        /// </summary>
        /// <exception cref="InvalidOperationException">
        /// An option is out of its range; the message says which.
        /// </exception>
        public IServiceCollection AddGateway(GatewayOptions options)
        {
            new GatewayOptionsValidator().Validate(null, options).OrThrow(
                (nameof(DrainOptions.Grace), "--linger (GATEWAY_LINGER)"),
                (nameof(StoreLossOptions.LastKnownFor), "--on-control-loss (GATEWAY_ON_CONTROL_LOSS)"),
                (nameof(ProgramOptions.ProgramsMax), "--programs-max (GATEWAY_PROGRAMS_MAX)"));
            services.AddFeatureOptions(options);
            services.AddSingleton(new OutboundConnector(
                options.AllowedAddresses, environment: EnvironmentProxies.Read(options.ConfigFile.Environment)));
            services.AddSingleton<SnapshotHolder>();
            services.AddAudit();
            if (options.Audit.Sinks.FirstOrDefault(static sink => sink.Kind == AuditSinkKind.Postgres) is { } table)
                services.AddSingleton<ISharedRecords>(_ => new PostgresRecords(table));
            services.AddHostedService<AuditOpening>();
            services.AddHostedService(static provider => provider.GetRequiredService<RecordEraser>());
            services.AddSingleton<ControlLoss>();
            services.AddSingleton<RefusalFold>();
            services.AddHostedService(static services => services.GetRequiredService<RefusalFold>());
            services.AddSingleton<Readiness>();
            services.AddSingleton<ServerHealth>();
            services.AddSingleton<IssuerHealth>();
            services.AddSingleton<RecentRefusals>();
            services.AddSingleton<AuthenticationFailureLog>();
            services.AddSingleton<Troubles>();
            services.AddHostedService(static provider => provider.GetRequiredService<Troubles>());
            services.AddControlPlane(options);
            services.AddHostedService<TrustedTimeFile>();
            services.AddAdminApi();
            if (options.AdminMcp)
                services.AddAdminMcp();
            services.AddSingleton<AdminListener>();
            services.AddMetrics();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<StdioMetrics>();
            services.AddSingleton<CredentialMetrics>();
            services.AddSingleton<ConnectionMetrics>();
            services.AddSingleton<MemoryMetrics>();
            services.AddSingleton<MemoryBudget>();
            services.AddSingleton<HttpUpstreamCallers>();
            services.AddSingleton<IUpstreamFactory, HttpUpstreamFactory>();
            services.AddSingleton<IUpstreamFactory, StdioUpstreamFactory>();
            services.AddSingleton<UpstreamPool>();
            services.AddCatalogue();
            services.AddOAuth();
            services.AddCallerConnections();
            services.AddProxy();
            services.AddRegistry();
            services.AddCountingByValue();
            services.AddDrain();
            return services;
        }

        /// <summary>Registers the options of each feature.</summary>
        private void AddFeatureOptions(GatewayOptions options)
        {
            services.AddSingleton<ProcessOptions>(options);
            services.AddSingleton(options.ConfigFile);
            services.AddSingleton(
                options.Memory ?? MemoryBudgetOptions.Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
            services.AddSingleton(options.StoreLoss);
            services.AddSingleton(options.Audit with { Directory = InData("audit") });
            services.AddSingleton(options.RecordedArguments with { Directory = InData("arguments") });
            services.AddSingleton(options.Usage);
            services.AddSingleton(options.Programs with { Directory = InData("programs") });
            services.AddSingleton(options.Streams);
            services.AddSingleton(options.Aggregation);
            services.AddSingleton(options.InFlight);
            services.AddSingleton(options.Approvals);
            services.AddSingleton(options.Inventories);
            services.AddSingleton(options.History);
            services.AddSingleton(options.Backtests);
            services.AddSingleton(options.Providers);
            services.AddSingleton(options.OAuth);
            services.AddSingleton(options.Drain);
            services.AddSingleton(options.Registry);

            string InData(string name) => Path.Combine(options.DataDirectory, name);
        }

        /// <summary>
        /// Registers the audit log and its retention. Both delete by age, by the clock that a jump forward does not
        /// move.
        /// </summary>
        private void AddAudit()
        {
            services.AddSingleton(static provider => new AuditLog(
                provider.GetRequiredService<AuditLogOptions>(),
                TrustedTime(provider),
                provider.GetRequiredService<ILogger<AuditLog>>(),
                provider.GetServices<IAuditSink>()));
            services.AddSingleton(static provider => new ArgumentRecorder(
                provider.GetRequiredService<RecordedArgumentsOptions>(),
                provider.GetRequiredService<IDataProtectionProvider>(),
                TrustedTime(provider),
                provider.GetRequiredService<ILogger<ArgumentRecorder>>()));
            services.AddSingleton<RecordEraser>();

            static ProcessTime TrustedTime(IServiceProvider provider) => new(
                provider.GetRequiredService<ProcessClock>(), provider.GetRequiredService<TimeProvider>());
        }
    }
}
