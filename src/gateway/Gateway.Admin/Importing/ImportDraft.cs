using System.Text;
using System.Text.Json.Nodes;
using Gateway.Policy;
using Gateway.Policy.Problems;

namespace Gateway.Admin.Importing;

/// <summary>
/// A policy document during an import. If a rule cannot be expressed, the calls that it covered are denied, and a note
/// reports that: nothing is allowed because it was not understood.
/// </summary>
internal sealed class ImportDraft
{
    private readonly JsonObject _document = new() { ["version"] = "1" };
    private readonly List<ImportNote> _notes = [];
    private readonly HashSet<string> _counters = new(StringComparer.Ordinal);

    public void Default(string action) => _document["default"] = action;

    public void Describe(string text) => _document["description"] = text;

    public void Note(ImportNote note) => _notes.Add(note);

    public void Hide(string tool) => Add(_document, "hide", tool);

    /// <summary>Returns the entry of a tool, created if necessary.</summary>
    public JsonObject Tool(string name) =>
        Child(Child(_document, "tools", static () => new JsonObject()).AsObject(), name, static () => new JsonObject())
            .AsObject();

    public JsonObject AllTools() => Child(_document, "all_tools", static () => new JsonObject()).AsObject();

    public static void Add(JsonObject entry, string list, JsonNode item) =>
        Child(entry, list, static () => new JsonArray()).AsArray().Add(item);

    /// <summary>Denies the calls that the entry covers.</summary>
    public static void Deny(JsonObject entry, bool isAllTools, string? reason)
    {
        if (isAllTools)
        {
            var every = new JsonObject { ["path"] = "args", ["op"] = "exists" };
            if (reason is not null)
                every["reason"] = reason;
            Add(entry, "deny_if", every);
            return;
        }

        entry["action"] = "deny";
        if (reason is not null && !entry.ContainsKey("reason"))
            entry["reason"] = reason;
    }

    /// <summary>Denies the calls that the entry covers, because a rule for them was not carried over.</summary>
    public void Fail(JsonObject entry, bool isAllTools, YamlSource at, string why)
    {
        Note(at.Note($"{why}; {(isAllTools ? "every call" : "this tool")} is denied until you write the rule"));
        Deny(entry, isAllTools, $"An imported rule needs a person's review: {at.Place}.");
    }

    /// <summary>Returns the loader's error for a part of an entry; null if it is valid.</summary>
    public static string? ProblemOf(string list, JsonNode item)
    {
        var document = new JsonObject
        {
            ["version"] = "1",
            ["default"] = "deny",
            ["tools"] = new JsonObject { ["t"] = new JsonObject { [list] = new JsonArray(item.DeepClone()) } },
        };
        return PolicyLoader.Load(Encoding.UTF8.GetBytes(document.ToJsonString()), "").Problems
            .FirstOrDefault(static problem => problem.Severity == ProblemSeverity.Error)?.Message;
    }

    /// <summary>Returns a valid and unused counter name.</summary>
    public string Counter(string wanted)
    {
        var name = new string([.. wanted.Select(static letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-')]).TrimStart('.', '_', '-');
        name = name.Length == 0 ? "counter" : name[..Math.Min(name.Length, 60)];
        for (var i = 1; ; i++)
        {
            var one = i == 1 ? name : $"{name[..Math.Min(name.Length, 56)]}-{i}";
            if (_counters.Add(one))
                return one;
        }
    }

    /// <exception cref="ImportException">The result is not a valid policy.</exception>
    public ImportedPolicy Finish()
    {
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(_document.ToJsonString()), "");
        var error = loaded.Problems.FirstOrDefault(static problem => problem.Severity == ProblemSeverity.Error);
        return error is null
            ? new ImportedPolicy(_document, _notes)
            : throw new ImportException(1, $"the result is not a valid policy, at {error.Pointer}: {error.Message}");
    }

    private static JsonNode Child(JsonObject parent, string name, Func<JsonNode> make)
    {
        if (parent[name] is { } child)
            return child;
        var made = make();
        parent[name] = made;
        return made;
    }
}

/// <summary>A difference between an imported policy and its source.</summary>
/// <param name="Line">The line in the source, from 1.</param>
/// <param name="Place">The path of its members: <c>tools.pay.rules[0]</c>.</param>
/// <param name="Message">The part that was not carried over, and the effect.</param>
public sealed record ImportNote(long Line, string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Line}: {Place}: {Message}";
}
