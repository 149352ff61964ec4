using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Providers;

/// <summary>
/// The framework's OAuth handlers, one for each provider and surface, with PKCE, a nonce, and a state that only the
/// browser that started the sign-in can return. Each has its own services, because a reload of the configuration
/// replaces them.
/// </summary>
internal sealed class ProviderHandlers(
    SecretProtector secrets, ProviderDiscovery discovery, IdTokenValidator tokens, ILoggerFactory loggers,
    ProcessClock clock)
{
    // The time that a person may take at the provider.
    private static readonly TimeSpan SignInMax = TimeSpan.FromMinutes(10);

    /// <summary>The key of the nonce in the properties that are sealed into the state.</summary>
    public const string Nonce = "nonce";

    private const string Scheme = "provider";
    private readonly ConcurrentDictionary<(SessionRealm, string), Made> _made = new();

    /// <summary>Returns the handler for a request. The request's path must be the visit's callback.</summary>
    public async Task<OAuthHandler<OAuthOptions>> OpenAsync(
        HttpContext http, ProviderVisit visit, ProviderSettings provider, ProviderEndpoints endpoints)
    {
        var made = _made.AddOrUpdate(
            (visit.Realm, provider.Name),
            _ => Make(visit, provider, endpoints),
            (_, old) => old.Provider == provider && old.Endpoints == endpoints
                ? old : Make(visit, provider, endpoints));
        var handler = made.Services.GetRequiredService<OAuthHandler<OAuthOptions>>();
        await handler.InitializeAsync(
            new AuthenticationScheme(Scheme, displayName: null, typeof(OAuthHandler<OAuthOptions>)), http);
        return handler;
    }

    private Made Make(ProviderVisit visit, ProviderSettings provider, ProviderEndpoints endpoints)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddLogging();
        // A state that was sealed for one provider and surface is not valid for any other.
        services.AddSingleton<IDataProtectionProvider>(_ =>
            secrets.CreateProtector($"Gateway.Provider.v1.{visit.Realm}.{provider.Issuer}"));
        services.AddAuthentication().AddOAuth(Scheme, oauth =>
        {
            oauth.SignInScheme = "session";
            oauth.ClientId = provider.ClientId;
            oauth.ClientSecret = provider.ClientSecret;
            oauth.AuthorizationEndpoint = endpoints.Authorization;
            oauth.TokenEndpoint = endpoints.Token;
            oauth.UserInformationEndpoint = endpoints.UserInfo;
            oauth.CallbackPath = visit.Callback;
            oauth.UsePkce = true;
            oauth.Backchannel = discovery.Client;
            oauth.RemoteAuthenticationTimeout = SignInMax;
            oauth.CorrelationCookie.Name = "gateway-sign-in.";
            // The provider redirects the browser back with a top-level navigation, which sends Lax cookies.
            oauth.CorrelationCookie.SameSite = SameSiteMode.Lax;
            oauth.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            oauth.Scope.Clear();
            foreach (var scope in provider.Scopes)
                oauth.Scope.Add(scope);
            oauth.Events = Events(provider, endpoints);
        });
        return new Made(provider, endpoints, services.BuildServiceProvider());
    }

    /// <summary>The events store their result in the request; they write nothing and sign nobody in.</summary>
    private OAuthEvents Events(ProviderSettings provider, ProviderEndpoints endpoints) => new()
    {
        OnRedirectToAuthorizationEndpoint = context =>
        {
            context.HttpContext.Features.Set(new ProviderTrace
            {
                Location = $"{context.RedirectUri}&nonce={Uri.EscapeDataString(context.Properties.Items[Nonce]!)}",
            });
            return Task.CompletedTask;
        },
        OnCreatingTicket = async context =>
        {
            var token = context.TokenResponse.Response!.RootElement.TryGetProperty("id_token", out var found)
                && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
            // Validate before the access token is used, so that no part of a forged response is.
            await tokens.ValidateAsync(provider, endpoints, token, context.HttpContext.RequestAborted);
            context.HttpContext.Features.Set(new ProviderTrace
            {
                Claims = ProviderClaims.Read(
                    provider, token, await UserInfoAsync(context), context.Properties.Items[Nonce]!,
                    DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs())),
            });
        },
        OnTicketReceived = static context =>
        {
            context.HandleResponse();
            return Task.CompletedTask;
        },
        OnAccessDenied = static context =>
        {
            context.HttpContext.Features.Set(new ProviderTrace { IsDenied = true });
            context.HandleResponse();
            return Task.CompletedTask;
        },
        OnRemoteFailure = static context =>
        {
            context.HttpContext.Features.Set(new ProviderTrace { Failure = context.Failure });
            context.HandleResponse();
            return Task.CompletedTask;
        },
    };

    private static async Task<JsonElement> UserInfoAsync(OAuthCreatingTicketContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
        if (!answer.IsSuccessStatusCode)
            throw new AuthenticationFailureException($"Its userinfo returned status {(int)answer.StatusCode}.");
        return JsonElement.Parse(
            await answer.Content.ReadAsByteArrayAsync(context.HttpContext.RequestAborted),
            new JsonDocumentOptions { MaxDepth = 32 });
    }

    private sealed record Made(ProviderSettings Provider, ProviderEndpoints Endpoints, ServiceProvider Services);
}

/// <summary>A browser's sign-in with a provider at one surface.</summary>
/// <param name="Realm">The surface that the browser signs in to.</param>
/// <param name="Provider">The provider's name from the request.</param>
/// <param name="Callback">The path to which the provider redirects the browser.</param>
/// <param name="Address">The surface's public address; null if the request's own address is used.</param>
public sealed record ProviderVisit(SessionRealm Realm, string Provider, string Callback, Uri? Address)
{
    /// <summary>The path prefix that a proxy in front of the surface removes.</summary>
    public string Prefix => Address?.AbsolutePath.TrimEnd('/') ?? "";
}
