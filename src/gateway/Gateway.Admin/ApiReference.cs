using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Gateway.Admin;

/// <summary><c>/reference</c>: shows the OpenAPI document as a page, which loads nothing from other hosts.</summary>
internal static class ApiReference
{
    private const string Path = "/reference";
    private const int NonceBytes = 16;

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapScalarApiReference(Path, static (options, http) =>
        {
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
            // The page inserts its styles while it runs, so a nonce cannot cover them.
            http.Response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'unsafe-inline'; "
                + "img-src 'self' data:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'";
            options.WithTitle("Policy Gateway admin API").WithNonce(nonce)
                .DisableTelemetry().DisableDefaultFonts().DisableAgent().DisableMcp()
                .HideClientButton().HideDeveloperTools()
                .AddDocument("v1", routePattern: "/openapi/v1.json");
        });
}
