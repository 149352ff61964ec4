using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>The registration of the services that verify tokens of issuers.</summary>
public static class IssuerServices
{
    /// <summary>Registers the services.</summary>
    public static void AddIssuers(this IServiceCollection services)
    {
        services.AddSingleton<IssuerDocuments>();
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<TokenSealer>();
        services.AddSingleton<CertificateCallers>();
        services.AddSingleton(static provider => new IssuerTokens(
            provider.GetRequiredService<SnapshotHolder>(), provider.GetRequiredService<IssuerKeys>(),
            provider.GetRequiredService<TokenSealer>(), provider.GetRequiredService<RecordedSubjects>(),
            provider.GetRequiredService<CertificateCallers>(), provider.GetRequiredService<ProcessClock>()));
        services.AddSingleton(static provider => new IdentityAssertions(
            provider.GetRequiredService<IssuerKeys>(), provider.GetRequiredService<ProcessClock>()));
        services.AddHostedService<IssuerTokenWatch>();
    }
}
