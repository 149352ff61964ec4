using Gateway.Mcp.Writing;

namespace Gateway.Mcp.Tests.Fuzzing;

/// <summary>
/// A second reader of its own kind: it builds a whole document, works on strings instead of bytes, and says in one
/// sentence why it refuses. The reader under test must never accept what this one refuses.
/// </summary>
internal sealed class StrictOracle
{
    private const string Version = "io.modelcontextprotocol/protocolVersion";

    private static readonly string[] Envelope = ["jsonrpc", "id", "method", "params", "result", "error"];

    private static readonly string[] Requests =
    [
        "initialize", "server/discover", "ping", "tools/call", "tools/list", "prompts/list", "prompts/get",
        "resources/list", "resources/templates/list", "resources/read", "resources/subscribe", "resources/unsubscribe",
        "completion/complete", "logging/setLevel", "subscriptions/listen", "tasks/get", "tasks/result", "tasks/cancel",
        "tasks/update", "tasks/list",
    ];

    private static readonly string[] Notifications =
    [
        "notifications/initialized", "notifications/cancelled", "notifications/progress",
        "notifications/roots/list_changed", "notifications/tasks/status",
    ];

    public string? Refusal { get; private set; }

    public string? Method { get; private set; }

    public string? Name { get; private set; }

    public string? Id { get; private set; }

    public static StrictOracle Read(byte[] body)
    {
        var oracle = new StrictOracle();
        oracle.Refusal = oracle.Evaluate(body);
        return oracle;
    }

    private string? Evaluate(byte[] body)
    {
        try
        {
            var text = new UTF8Encoding(false, true).GetString(body);
            if (text.StartsWith('\uFEFF'))
                return "byte order mark";
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return "not an object";
            return Walk(root) ?? Message(root);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return error.GetType().Name;
        }
    }

    private static string? Walk(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (!seen.Add(member.Name))
                        return "duplicate";
                    if ((Unclear(member.Name) ?? Walk(member.Value)) is { } inner)
                        return inner;
                }

                return null;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Walk).FirstOrDefault(problem => problem is not null);
            case JsonValueKind.String:
                return Unclear(element.GetString()!);
            case JsonValueKind.Number:
                return Number(element);
            default:
                return null;
        }
    }

    private static string? Unclear(string text) => text.Contains('\0') ? "NUL" : null;

    private static string? Number(JsonElement number)
    {
        var value = number.GetDouble();
        var raw = number.GetRawText().Split('e', 'E')[0];
        return !double.IsFinite(value) || (value == 0 && raw.Any(c => c is >= '1' and <= '9')) ? "range" : null;
    }

    private string? Message(JsonElement root)
    {
        if (Variant(root, Envelope) is { } variant)
            return variant;
        if (!Is(root, "jsonrpc", JsonValueKind.String) || root.GetProperty("jsonrpc").GetString() != "2.0")
            return "version";

        var hasId = root.TryGetProperty("id", out var id);
        var isScalar = id.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        if (hasId && (!isScalar || id.GetRawText().Length > 1024))
            return "id";
        Id = hasId ? id.GetRawText() : "";
        var hasResult = root.TryGetProperty("result", out _);
        var hasError = root.TryGetProperty("error", out var failure);
        if (root.TryGetProperty("method", out var method))
            return hasResult || hasError ? "two things" : Call(root, method, hasId);
        return hasId && hasResult != hasError && !root.TryGetProperty("params", out _)
            && (!hasError || failure.ValueKind == JsonValueKind.Object) ? null : "response";
    }

    private string? Call(JsonElement root, JsonElement method, bool hasId)
    {
        if (method.ValueKind != JsonValueKind.String)
            return "method";
        var name = method.GetString()!;
        if (name.Length == 0 || name.Any(c => c is < '!' or > '~') || method.GetRawText().Length > 130)
            return "method";
        string[] known = [.. Requests, .. Notifications];
        if (!known.Contains(name) && known.Contains(Fold(name)))
            return "method case";
        if (hasId == name.StartsWith("notifications/", StringComparison.Ordinal) && (hasId || Requests.Contains(name)))
            return "kind";
        if (!hasId && Requests.Contains(name))
            return "needs id";
        Method = name;
        return Params(name, root.TryGetProperty("params", out var value) ? value : default);
    }

    private string? Params(string method, JsonElement value)
    {
        var deciding = Deciding(method);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return deciding.Length == 0 || method == "subscriptions/listen" ? null : "params";
        if (value.ValueKind != JsonValueKind.Object)
            return "params";
        if (Variant(value, [.. deciding, "_meta"]) is { } variant)
            return variant;
        if (Meta(value) is { } meta)
            return meta;
        if (method is "resources/subscribe" or "resources/unsubscribe" && IsStateless(value))
            return "removed";
        if (method is "tools/call" or "prompts/get" && value.TryGetProperty("arguments", out var arguments)
            && arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            return "arguments";
        return method switch
        {
            "completion/complete" => Reference(value),
            "subscriptions/listen" => Listen(value),
            _ => deciding.Length == 0 ? null : Text(value, deciding[0]),
        } ?? (method == "tools/call" && !VisibleText.IsClear(Name) ? "invisible" : null);
    }

    private static string[] Deciding(string method) => method switch
    {
        "tools/call" or "prompts/get" => ["name", "arguments"],
        "resources/read" or "resources/subscribe" or "resources/unsubscribe" => ["uri"],
        "tasks/get" or "tasks/result" or "tasks/cancel" or "tasks/update" => ["taskId"],
        "completion/complete" => ["ref"],
        "subscriptions/listen" => ["notifications"],
        _ => [],
    };

    private static bool IsStateless(JsonElement parameters) =>
        parameters.TryGetProperty("_meta", out var meta)
        && Is(meta, Version, JsonValueKind.String)
        && string.CompareOrdinal(meta.GetProperty(Version).GetString(), "2026-07-28") >= 0;

    private static string? Meta(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("_meta", out var meta) || meta.ValueKind == JsonValueKind.Null)
            return null;
        if (meta.ValueKind != JsonValueKind.Object)
            return "meta";
        if (meta.TryGetProperty(Version, out var version) && version.ValueKind != JsonValueKind.String)
            return "meta";
        return Variant(meta, [Version, "progressToken", "io.modelcontextprotocol/clientCapabilities"]);
    }

    private string? Reference(JsonElement parameters)
    {
        if (!Is(parameters, "ref", JsonValueKind.Object))
            return "ref";
        var reference = parameters.GetProperty("ref");
        if (Variant(reference, ["type", "name", "uri"]) is { } variant)
            return variant;
        var type = Is(reference, "type", JsonValueKind.String) ? reference.GetProperty("type").GetString() : "";
        return type switch
        {
            "ref/prompt" when !reference.TryGetProperty("uri", out _) => Text(reference, "name"),
            "ref/resource" when !reference.TryGetProperty("name", out _) => Text(reference, "uri"),
            _ => "ref type",
        };
    }

    private static string? Listen(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("notifications", out var filter))
            return null;
        if (filter.ValueKind != JsonValueKind.Object)
            return "notifications";
        if (Variant(filter, ["resourceSubscriptions", "taskIds"]) is { } variant)
            return variant;
        return Names(filter, "resourceSubscriptions") ?? Names(filter, "taskIds");
    }

    private static string? Names(JsonElement filter, string member) =>
        !filter.TryGetProperty(member, out var names)
        || (names.ValueKind == JsonValueKind.Array
            && names.GetArrayLength() <= 256
            && names.EnumerateArray().All(static one => one.ValueKind == JsonValueKind.String && one.GetString() != ""))
            ? null
            : member;

    private string? Text(JsonElement owner, string member)
    {
        if (!Is(owner, member, JsonValueKind.String))
            return member;
        var value = owner.GetProperty(member);
        if (value.GetString() == "" || Encoding.UTF8.GetByteCount(value.GetRawText()) > 8194)
            return member;
        Name = value.GetString();
        return null;
    }

    private static bool Is(JsonElement owner, string member, JsonValueKind kind) =>
        owner.ValueKind == JsonValueKind.Object
        && owner.TryGetProperty(member, out var value) && value.ValueKind == kind;

    private static string? Variant(JsonElement owner, string[] names)
    {
        var folded = names.Select(Fold).ToArray();
        var others = owner.EnumerateObject().Where(m => !names.Contains(m.Name));
        return others.Any(m => folded.Contains(Fold(m.Name))) ? "variant" : null;
    }

    private static string Fold(string name) => name
        .Replace('\u017F', 's').Replace('\u212A', 'k').Replace('\u0130', 'i').Replace('\u0131', 'i')
        .ToLowerInvariant();
}
