using Gateway.Admin.Identity.Providers;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Edge.Proofs;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Adds the gateway's authorization server to a host.</summary>
public static class OAuthServices
{
    /// <summary>Registers the services that issue access tokens and find them.</summary>
    public static void AddOAuth(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokenDirectory>();
        services.AddIssuers();
        services.AddSingleton<ProofNonces>();
        services.AddSingleton<ProofCheck>();
        services.AddSingleton<GrantRevalidator>();
        services.AddProviders();
        services.AddSingleton<OAuthStore>();
        services.AddSingleton<OAuthRates>();
        services.AddSingleton<OAuthGrants>();
        services.AddSingleton(static provider => new DocumentFetcher(
            provider.GetRequiredService<OAuthServerOptions>(), provider.GetRequiredService<OutboundConnector>()));
        services.AddSingleton<FetchedDocuments>();
        services.AddSingleton<AssertionCheck>();
        services.AddSingleton<ClientStore>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<TokenKeys>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<ClientTokens>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<RegisterEndpoint>();
        services.AddSingleton<IssuerSessions>();
        services.AddSingleton<SignInPage>();
        services.AddSingleton<ProviderPage>();
        services.AddSingleton<PersonSessions>();
        services.AddSingleton<ConsentRequests>();
        services.AddSingleton<GrantMaker>();
        services.AddSingleton<ConsentPage>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<OAuthEndpoints>();
        services.AddSingleton<OAuthCleaner>();
        services.AddHostedService(static provider => provider.GetRequiredService<OAuthCleaner>());
    }

    /// <summary>
    /// Serves the metadata and the endpoints if an issuer is configured, or the metadata alone if one is advertised.
    /// </summary>
    public static void UseOAuth(this WebApplication app)
    {
        var snapshots = app.Services.GetRequiredService<SnapshotHolder>();
        var endpoints = app.Services.GetRequiredService<OAuthEndpoints>();
        app.Use(next => http => snapshots.Current is var snapshot
            && (snapshot.OAuth is not null
                || (ResourceNames.OriginOf(snapshot) is not null && OAuthPaths.IsMetadata(http.Request.Path)))
            && endpoints.Find(http.Request.Path) is { } endpoint
                ? endpoints.AnswerAsync(http, snapshot, endpoint)
                : next(http));
    }
}
