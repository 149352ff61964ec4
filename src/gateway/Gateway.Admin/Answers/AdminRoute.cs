using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Identity.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Answers;

/// <summary>A part of the admin API that maps its own routes.</summary>
internal interface IAdminRoutes
{
    void Map(RouteGroupBuilder api);
}

/// <summary>The permission that a route requires of its caller.</summary>
internal sealed record RouteAccess(Permissions Permission, RoleScope Scope = RoleScope.Gateway);

/// <summary>The parameters in the query of a route.</summary>
internal sealed record RouteQuery(IReadOnlyList<(string Name, string Meaning)> Parameters);

/// <summary>Marks a route that requires <c>If-Match</c>.</summary>
internal sealed record RouteVersion;

/// <summary>The body of a request.</summary>
/// <param name="RequestType">Its type.</param>
/// <param name="Json">Its type for the serializer. Made on demand, because no start needs it.</param>
/// <param name="Required">Members that this route requires although their type has them optional.</param>
internal sealed record RouteBody(Type? RequestType, Func<JsonTypeInfo> Json, IReadOnlyList<string> Required)
    : IAcceptsMetadata
{
    // Routing would refuse other types before the caller is known, so AdminCall checks them.
    public IReadOnlyList<string> ContentTypes => [];

    public bool IsOptional => false;
}

/// <summary>Metadata of the routes of the admin API, besides those of ASP.NET.</summary>
internal static class AdminRoute
{
    public const string Root = "/api/v1";

    extension(RouteHandlerBuilder route)
    {
        public RouteHandlerBuilder Requires(Permissions permission, RoleScope scope = RoleScope.Gateway) =>
            route.WithMetadata(new RouteAccess(permission, scope));

        public RouteHandlerBuilder NeedsVersion() => route.WithMetadata(new RouteVersion());

        public RouteHandlerBuilder Takes<T>(Func<JsonTypeInfo<T>> type, params string[] required) =>
            route.WithMetadata(new RouteBody(typeof(T), type, required));

        public RouteHandlerBuilder WithQuery(params IReadOnlyList<(string Name, string Meaning)> parameters) =>
            route.WithMetadata(new RouteQuery(parameters));
    }

    extension(Endpoint route)
    {
        /// <summary>The access that the route declares; a route without one serves nobody.</summary>
        public RouteAccess Access => route.Metadata.GetRequiredMetadata<RouteAccess>();

        /// <summary>The HTTP method; empty if the route serves every method.</summary>
        public string Method =>
            route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [var only] ? only : "";

        /// <summary>The pattern of the path; empty if nothing is mapped.</summary>
        public string Pattern => (route as RouteEndpoint)?.RoutePattern.RawText ?? "";

        public IReadOnlyList<(string Name, string Meaning)> Query =>
            route.Metadata.GetMetadata<RouteQuery>()?.Parameters ?? [];

        /// <summary>Whether a success returns a page of a list, so that the query may have <c>limit</c> and
        /// <c>cursor</c>.</summary>
        public bool IsPaged => route.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(
            static one => one.Type is { IsGenericType: true } type
                && type.GetGenericTypeDefinition() == typeof(PageView<>));
    }
}
