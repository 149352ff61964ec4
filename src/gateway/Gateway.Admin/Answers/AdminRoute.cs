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

/// <summary>Metadata that marks a route as requiring <c>If-Match</c>.</summary>
internal sealed record RouteVersion;

/// <summary>The body of a request.</summary>
/// <param name="RequestType">The type of the body.</param>
/// <param name="Json">The type for the serializer. It is created on demand, because startup does not need it.</param>
/// <param name="Required">The members that this route requires although they are optional in their type.</param>
internal sealed record RouteBody(Type? RequestType, Func<JsonTypeInfo> Json, IReadOnlyList<string> Required)
    : IAcceptsMetadata
{
    // Routing would refuse other types before the caller is known, so AdminCall checks them.
    public IReadOnlyList<string> ContentTypes => [];

    public bool IsOptional => false;
}

/// <summary>Metadata of the routes of the admin API, in addition to that of ASP.NET Core.</summary>
internal static class AdminRoute
{
    public const string Root = "/api/v1";

    /// <summary>The query parameter of every change of a document.</summary>
    public static readonly (string Name, string Meaning) Reason =
        ("reason", "The reason for the change, kept in the audit log and in the history.");

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
        /// <summary>
        /// The access that the route requires. A route without one is an error and serves no request.
        /// </summary>
        public RouteAccess Access => route.Metadata.GetRequiredMetadata<RouteAccess>();

        /// <summary>The HTTP method; empty if the route accepts every method.</summary>
        public string Method =>
            route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [var only] ? only : "";

        /// <summary>The pattern of the path; empty if nothing is mapped.</summary>
        public string Pattern => (route as RouteEndpoint)?.RoutePattern.RawText ?? "";

        public IReadOnlyList<(string Name, string Meaning)> Query =>
        [
            .. route.Metadata.GetMetadata<RouteQuery>()?.Parameters ?? [],
            .. route.Metadata.GetMetadata<RouteVersion>() is null ? [] : (ReadOnlySpan<(string, string)>)[Reason],
        ];

        /// <summary>
        /// True if a successful response is a page of a list, so that the query may have <c>limit</c> and
        /// <c>cursor</c>.
        /// </summary>
        public bool IsPaged => route.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(
            static one => one.Type is { IsGenericType: true } type
                && type.GetGenericTypeDefinition() == typeof(PageView<>));
    }
}
