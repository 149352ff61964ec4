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

/// <summary>A request to the admin API that was admitted.</summary>
internal sealed class AdminCall(HttpContext http, ControlState state, AdminCaller? caller)
{
    private const string Json = "application/json";

    /// <summary>Binds the parameter of a handler. The caller is unknown until the filter of the API sets it.</summary>
    public static ValueTask<AdminCall?> BindAsync(HttpContext http) =>
        ValueTask.FromResult<AdminCall?>(new(http, ControlState.Empty, null));

    /// <summary>The operator, or the program, that sent the request.</summary>
    /// <exception cref="InvalidOperationException">The route requires no permission.</exception>
    public AdminCaller Caller => caller ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The request with its connection and its response.</summary>
    public HttpContext Http => http;

    public HttpRequest Request => http.Request;

    /// <summary>The client's address. Behind a trusted proxy it is the address that the proxy reports.</summary>
    public IPAddress Address => http.Connection.RemoteIpAddress ?? IPAddress.None;

    /// <summary>Returns this request for a caller that has just signed in.</summary>
    public AdminCall As(AdminCaller signedIn) => new(http, state, signedIn);

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>
    /// The state that was current when the request arrived. The store checks the version of a change again.
    /// </summary>
    public ControlState State => state;

    public string Name => _name ?? Value("name");

    /// <summary>True if the path has a parameter for the name of an object.</summary>
    public bool HasName => http.GetRouteValue("name") is not null;

    private string? _name;

    /// <summary>Returns this request for one of several objects, to be checked against another state.</summary>
    public AdminCall For(string name, ControlState other) => new(http, other, caller) { _name = name };

    /// <summary>Returns the value of a parameter in the path.</summary>
    /// <remarks>Routing leaves an escaped slash in a path; it is unescaped here.</remarks>
    public string Value(string parameter) =>
        ((string)http.GetRouteValue(parameter)!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns a parameter of the query; null if it is absent or empty.</summary>
    public string? Wanted(string name) => (string?)Request.Query[name] is { Length: > 0 } value ? value : null;

    /// <summary>
    /// Returns true if the caller's roles allow an operation on this server; null means the whole gateway.
    /// </summary>
    public bool May(Permissions permission, string? server) => Caller.Roles.Allows(permission, server);

    /// <summary>
    /// Returns the operator in the path. Only administrators can name another operator than themselves.
    /// </summary>
    /// <param name="operators">The operators.</param>
    /// <param name="act">What only an administrator can do for others, such as <c>see and change the keys</c>.</param>
    /// <param name="refused">The response to a request that is refused; null if it is not.</param>
    public OperatorAccount? Owner(OperatorStore operators, string act, out AdminResponse? refused)
    {
        ArgumentNullException.ThrowIfNull(operators);
        refused = null;
        if (Caller.Account?.Name != Name && !May(Permissions.Administer, null))
        {
            refused = Problems.Of(
                StatusCodes.Status403Forbidden, "Not allowed", $"Only an administrator can {act} of others.");
            return null;
        }

        if (operators.Current.Accounts.GetValueOrDefault(Name) is { } owner)
            return owner;
        refused = Problems.NotFound("operator", Name, operators.Current.Accounts.Keys);
        return null;
    }

    /// <summary>
    /// Returns true if the caller may see the requests for approval of a server: by its roles, or to decide on them.
    /// </summary>
    public bool MayReadApprovals(string server) =>
        May(Permissions.ReadApprovals, server) || Caller.RightTo(server) is not null;

    /// <summary>The source of the request, for records.</summary>
    public string From => Source.ToString();

    /// <summary>The identity that records of this request name.</summary>
    public Actor Actor => Caller.ActorOf(http);

    /// <summary>The client's address and, behind a trusted proxy, the proxy's.</summary>
    public RequestSource Source => RequestSource.Of(http);

    /// <summary>Returns the body, or a problem if it is too large or not JSON.</summary>
    public ValueTask<(byte[]? Body, AdminResponse? Problem)> ReadAsync() => ReadAsync(Json);

    /// <summary>Returns a JSON merge patch for a type, or the problem with it.</summary>
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
        // A page in a browser cannot send these types to another origin without a preflight request.
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
                $"The body may have at most {ControlDocument.BytesMax} bytes."))
            : (RenamedServers.InRequest(Request, body, state.Names), null);
    }

    public async ValueTask<(T? Value, AdminResponse? Problem)> ReadAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        var (body, problem) = await ReadAsync();
        return body is null ? (null, problem) : Parse(body, type);
    }

    /// <summary>Returns the value of a JSON body, or the problem with it.</summary>
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
