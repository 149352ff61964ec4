using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gateway.Server.Tests.Credentials;

/// <summary>An authorization server (OpenIddict) that exchanges tokens of a company's identity provider.</summary>
internal sealed class ExchangeServer : IAsyncDisposable
{
    public const string ClientId = "gateway";
    public const string Secret = "the-gateways-own-secret";

    private readonly WebApplication _app;

    private HttpClient Client { get; } = new() { Timeout = Timeout.InfiniteTimeSpan };

    private ExchangeServer(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.First();

    /// <summary>The requests that the token endpoint received.</summary>
    public ConcurrentQueue<OpenIddictRequest> Requests { get; } = new();

    /// <summary>Subjects whose tokens it does not exchange.</summary>
    public ConcurrentDictionary<string, byte> Refused { get; } = new();

    /// <param name="issuer">Returns the identity provider, whose keys are at <c>/jwks</c>.</param>
    public static async Task<ExchangeServer> StartAsync(Func<string> issuer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        ExchangeServer? self = null;
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.EnableDegradedMode().SetTokenEndpointUris("token")
                .AllowTokenExchangeFlow().AllowClientCredentialsFlow()
                .AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption()
                .DisableResourceValidation().DisableAudienceValidation().DisableScopeValidation();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                self!.Requests.Enqueue(context.Request);
                if (context.ClientId != ClientId || context.ClientSecret != Secret)
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                return default;
            }));
            options.AddEventHandler<ValidateTokenContext>(handler => handler.UseInlineHandler(async context =>
            {
                var keys = new JsonWebKeySet(await self!.Client.GetStringAsync($"{issuer()}/jwks"));
                var result = await new JsonWebTokenHandler().ValidateTokenAsync(
                    context.Token, new TokenValidationParameters
                    {
                        IssuerSigningKeys = keys.GetSigningKeys(),
                        ValidateIssuer = false,
                        ValidateAudience = false,
                    });
                var subject = result.IsValid ? result.ClaimsIdentity.FindFirst("sub")?.Value : null;
                if (subject is null || self.Refused.ContainsKey(subject))
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidGrant);
                    return;
                }

                context.Principal = Principal(subject);
                context.Principal.SetTokenType(OpenIddictConstants.TokenTypeIdentifiers.AccessToken);
            }).SetOrder(int.MinValue));
            options.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                var subject = context.SubjectTokenPrincipal?.GetClaim("sub") ?? context.ClientId!;
                context.SignIn(Principal(subject));
                return default;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        self = new ExchangeServer(app);
        await app.StartAsync();
        // The first request makes the server's keys, which may take longer than the gateway waits.
        await self.Client.GetStringAsync($"{self.Issuer}/.well-known/oauth-authorization-server");
        return self;
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _app.DisposeAsync();
    }

    private static ClaimsPrincipal Principal(string subject)
    {
        var identity = new ClaimsIdentity("exchange");
        identity.SetClaim("sub", subject);
        identity.SetDestinations(static _ => [OpenIddictConstants.Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }
}
