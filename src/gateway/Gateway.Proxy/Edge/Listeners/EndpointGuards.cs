using Microsoft.AspNetCore.Builder;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>Extensions that attach guards to endpoints.</summary>
public static class EndpointGuards
{
    extension(IEndpointConventionBuilder endpoint)
    {
        /// <summary>
        /// Runs the guard before the endpoint's handler, regardless of middleware, and records it in the metadata, so
        /// that a test can find endpoints without one.
        /// </summary>
        public IEndpointConventionBuilder GuardedBy(EndpointGuard guard)
        {
            endpoint.Add(builder =>
            {
                builder.Metadata.Add(guard);
                var handler = builder.RequestDelegate
                    ?? throw new InvalidOperationException($"{builder.DisplayName} has no handler to guard.");
                builder.RequestDelegate = http => guard.Refuse(http) ?? handler(http);
            });
            return endpoint;
        }
    }
}
