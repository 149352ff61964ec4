using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Identity.Roles;

namespace Gateway.Admin.Answers;

/// <summary>One operation of the admin API.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Below <see cref="Root"/>.</param>
/// <param name="Permission">What the caller's roles must allow.</param>
/// <param name="Summary">What it does, for the OpenAPI document.</param>
/// <param name="Answer">Does it.</param>
internal sealed record AdminRoute(
    string Method, string Path, Permissions Permission, string Summary, Func<AdminCall, Task<AdminResponse>> Answer)
{
    public const string Root = "/api/v1";

    /// <summary>What the body is; null where there is none. Made when it is asked for, as no start needs it.</summary>
    public Func<JsonTypeInfo>? Takes { get; init; }

    /// <summary>Members that the body must have although its type has them optional, such as in PUT only.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What a success answers, likewise; null where it is 204.</summary>
    public Func<JsonTypeInfo>? Gives { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>Parameters in the query: name and what it means.</summary>
    public IReadOnlyList<(string Name, string Meaning)> Query { get; init; } = [];

    /// <summary>Whether it is enough to have the permission for one server.</summary>
    public RoleScope Scope { get; init; }

    /// <summary>Whether <c>If-Match</c> is required.</summary>
    public bool NeedsVersion { get; init; }

    /// <summary>Whether a success returns a page of a list, so that the query may have <c>limit</c> and <c>cursor</c>.
    /// </summary>
    public bool IsPaged => Gives?.Invoke().Type is { IsGenericType: true } gives
        && gives.GetGenericTypeDefinition() == typeof(PageView<>);
}
