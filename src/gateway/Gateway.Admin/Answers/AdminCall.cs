using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Answers;

/// <summary>One request of the operator that has passed the door.</summary>
internal sealed class AdminCall(HttpContext http, ControlState state, Caller? caller)
{
    private const string Json = "application/json";

    /// <summary>Binds the parameter of a handler. Nobody is signed in before the filter of the API sets the caller.
    /// </summary>
    public static ValueTask<AdminCall?> BindAsync(HttpContext http) =>
        ValueTask.FromResult<AdminCall?>(new(http, ControlState.Empty, null));

    /// <summary>Who asks.</summary>
    /// <exception cref="InvalidOperationException">The route asks for no permission.</exception>
    public Caller Caller => caller ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The request with its connection and its answer.</summary>
    public HttpContext Http => http;

    public HttpRequest Request => http.Request;

    /// <summary>The address that it came from.</summary>
    public IPAddress Address => http.Connection.RemoteIpAddress ?? IPAddress.None;

    /// <summary>The same request by somebody who has just said who they are.</summary>
    public AdminCall As(Caller signedIn) => new(http, state, signedIn);

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>What was in force when the request came in; the store checks a change once more.</summary>
    public ControlState State => state;

    public string Name => _name ?? Value("name");

    private string? _name;

    /// <summary>The same request about one object of several, checked in another state.</summary>
    public AdminCall For(string name, ControlState other) => new(http, other, caller) { _name = name };

    /// <summary>What stands in the path in the place of this parameter.</summary>
    /// <remarks>A slash stays escaped in a path; it is shown as it was written.</remarks>
    public string Value(string parameter) =>
        ((string)http.GetRouteValue(parameter)!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the query says of it; null where it says nothing.</summary>
    public string? Wanted(string name) => (string?)Request.Query[name] is { Length: > 0 } value ? value : null;

    /// <summary>Whether the caller's roles allow it for this server.</summary>
    public bool May(Permissions permission, string? server) => Caller.Roles.Allows(permission, server);

    /// <summary>Where the request came from, for the record.</summary>
    public string From => Source.ToString();

    /// <summary>The identity that records of this request name.</summary>
    public Actor Actor => Caller.ActorOf(http);

    /// <summary>The client's address and, behind a trusted proxy, the proxy's.</summary>
    public RequestSource Source => RequestSource.Of(http);

    /// <summary>The body within the bound, or the problem with it.</summary>
    public ValueTask<(byte[]? Body, AdminResponse? Problem)> ReadAsync() => ReadAsync(Json);

    /// <summary>A JSON merge patch of a type, or the problem with it.</summary>
    public async ValueTask<(JsonObject? Patch, AdminResponse? Problem)> ReadPatchAsync(JsonTypeInfo type)
    {
        var (body, unread) = await ReadAsync(MergePatch.ContentType, Json);
        if (body is null)
            return (null, unread);
        JsonObject? patch;
        try
        {
            patch = JsonNode.Parse(
                body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException e)
        {
            return (null, Problems.Unreadable(e));
        }

        if (patch is null)
            return (null, Problems.Unreadable("A merge patch is a JSON object with the members to change."));
        List<ProblemPlace> unknown = [.. MergePatch.Unknown(patch, type).Select(static pointer =>
            new ProblemPlace("error", pointer, $"{pointer} is not a member of this resource; remove it"))];
        return unknown.Count == 0
            ? (patch, null)
            : (null, Problems.Of(
                StatusCodes.Status400BadRequest, "Not readable", $"Nothing was changed: {unknown[0].Message}.",
                unknown));
    }

    private async ValueTask<(byte[]? Body, AdminResponse? Problem)> ReadAsync(params string[] types)
    {
        // A page in a browser cannot send these types to another origin without asking first.
        var sent = Request.ContentType?.Split(';', 2)[0].Trim();
        if (!types.Contains(sent, StringComparer.OrdinalIgnoreCase))
        {
            return (null, Problems.Of(
                StatusCodes.Status415UnsupportedMediaType, "Not JSON",
                $"Send the body as Content-Type: {string.Join(" or ", types)}."));
        }

        var body = await BodyReader.ReadAsync(Request, ControlDocument.BytesMax, Aborted);
        return body is null
            ? (null, Problems.Of(
                StatusCodes.Status413PayloadTooLarge, "Too large",
                $"At most {ControlDocument.BytesMax} bytes are read."))
            : (RenamedServers.InRequest(Request, body, state.Names), null);
    }

    public async ValueTask<(T? Value, AdminResponse? Problem)> ReadAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        var (body, problem) = await ReadAsync();
        return body is null ? (null, problem) : Parse(body, type);
    }

    /// <summary>What a body says, or the problem with it.</summary>
    public static (T? Value, AdminResponse? Problem) Parse<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) is { } value
                ? (value, null)
                : (null, Problems.Unreadable("The body is null; send an object."));
        }
        catch (JsonException e)
        {
            return (null, Problems.Unreadable(e));
        }
    }
}
