using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Admin;

/// <summary>Protects other components' endpoints with the authentication and the roles of the admin API.</summary>
public static class OperatorPages
{
    private static readonly RouteAccess Reading = new(Permissions.Read);

    extension(IEndpointConventionBuilder endpoint)
    {
        /// <summary>
        /// Admits operators who may read everything; any other request gets the response of an admin route.
        /// </summary>
        public IEndpointConventionBuilder ForReaders()
        {
            endpoint.GuardedBy(EndpointGuard.InHandler);
            endpoint.Add(static builder =>
            {
                var handler = builder.RequestDelegate
                    ?? throw new InvalidOperationException($"{builder.DisplayName} has no handler to guard.");
                builder.RequestDelegate = http =>
                    http.RequestServices.GetRequiredService<AdminApi>().GuardAsync(
                        http, Reading, call => handler(call.Http));
            });
            return endpoint;
        }
    }
}
