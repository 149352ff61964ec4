using Gateway.Admin.Answers;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.McpTools;

/// <summary>A tool of the MCP server for operators' agents. It runs one route of the admin API.</summary>
/// <param name="Name">The name by which agents call it.</param>
/// <param name="Title">The name that clients show.</param>
/// <param name="Description">The text that the model reads.</param>
/// <param name="Route">The route; its query and its body become the tool's arguments.</param>
internal sealed record McpTool(string Name, string Title, string Description, Endpoint Route)
{
    /// <summary>The argument for the name in the route's path or in a link.</summary>
    public const string NameArgument = "name";

    /// <summary>The description of the argument <see cref="NameArgument"/>; null if the tool has none.</summary>
    public string? NameMeaning { get; init; }

    /// <summary>True if the gateway can find the name from the other arguments.</summary>
    public bool IsNameOptional { get; init; }

    /// <summary>The argument that is the complete body; null if each member of the body is an argument.</summary>
    public string? Document { get; init; }

    /// <summary>A query parameter that is sent if the arguments contain neither it nor a page.</summary>
    public (string Name, string Value)? Default { get; init; }

    /// <summary>True if it changes nothing.</summary>
    public bool IsReadOnly { get; init; } = true;

    /// <summary>True if each member of the body is an argument.</summary>
    public bool HasMembers => Document is null && Route.Metadata.GetMetadata<RouteBody>() is not null;

    /// <summary>The names of the parameters in the query.</summary>
    public IEnumerable<string> QueryNames => Route.Query.Select(static one => one.Name)
        .Concat(Route.IsPaged ? ["limit", "cursor"] : []);
}
