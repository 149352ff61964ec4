using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Policy.Conditions;
using Gateway.Policy.Samples;

namespace Gateway.Policy.Tools.Diff;

/// <summary>
/// Generates calls that two policies could decide differently: for each path that a rule reads, values on either side
/// of its operand, and no value.
/// </summary>
internal sealed class ArgumentSamples
{
    private const int ValuesMax = 24;
    private const int ProductMax = 1500;
    private const int SchemaDepthMax = 4;
    private const int IndexMax = 16;

    private readonly List<(ArgumentPath Path, string?[] Values)> _paths;

    private ArgumentSamples(List<(ArgumentPath, string?[])> paths) => _paths = paths;

    public static ArgumentSamples Of(IEnumerable<JsonNode?> before, IEnumerable<JsonNode?> after)
    {
        var (old, now) = (Collect(before), Collect(after));
        var paths = new List<(ArgumentPath, string?[])>();
        foreach (var text in old.Keys.Union(now.Keys))
        {
            if (!ArgumentPath.TryParseOfCall(text, out var path, out _) || path.Steps.IsEmpty)
                continue;
            // Operands of only one policy distinguish the two; a few of the others suffice.
            var (one, two) = (old.GetValueOrDefault(text, []), now.GetValueOrDefault(text, []));
            paths.Add((path,
            [
                null, .. one.Except(two).Take(ValuesMax), .. two.Except(one).Take(ValuesMax),
                .. one.Intersect(two).Take(ValuesMax),
            ]));
        }

        return new ArgumentSamples(paths);
    }

    /// <summary>
    /// Returns all samples if they are few; otherwise those around the samples that pass the most steps of a policy.
    /// </summary>
    /// <param name="reach">
    /// For each of the two policies, returns how many steps a call passes.
    /// </param>
    public IEnumerable<SampleCall> All(params Func<SampleCall, int>[] reach)
    {
        var product = _paths.Aggregate(1L, static (all, path) => Math.Min(ProductMax + 1, all * path.Values.Length));
        var found = product <= ProductMax ? Product() : reach.SelectMany(Around);
        return found.Select(Write).OfType<SampleCall>().Distinct();
    }

    private IEnumerable<int[]> Product()
    {
        var chosen = new int[_paths.Count];
        while (true)
        {
            yield return [.. chosen];
            var at = 0;
            while (at < chosen.Length && ++chosen[at] == _paths[at].Values.Length)
                chosen[at++] = 0;
            if (at == chosen.Length)
                yield break;
        }
    }

    /// <summary>
    /// Climbs to arguments that pass, then varies one value at a time, and each two neighbors, everywhere.
    /// </summary>
    private IEnumerable<int[]> Around(Func<SampleCall, int> reach)
    {
        var best = new int[_paths.Count];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var path = 0; path < best.Length; path++)
                best[path] = Best(best, path, reach);
        }

        yield return [.. best];
        for (var path = 0; path < best.Length; path++)
        {
            for (var value = 0; value < _paths[path].Values.Length; value++)
            {
                int[] turned = [.. best];
                turned[path] = value;
                yield return [.. turned];
                var next = (path + 1) % best.Length;
                for (var other = 0; other < _paths[next].Values.Length; other++)
                {
                    turned[next] = other;
                    yield return [.. turned];
                }
            }
        }
    }

    private int Best(int[] chosen, int path, Func<SampleCall, int> reach)
    {
        int[] tried = [.. chosen];
        return Enumerable.Range(0, _paths[path].Values.Length).MaxBy(value =>
        {
            tried[path] = value;
            // Keeps the current value unless another one gets further.
            return Write(tried) is { } call ? (2 * reach(call)) + (value == chosen[path] ? 1 : 0) : -1;
        });
    }

    private SampleCall? Write(int[] chosen)
    {
        var (arguments, caller) = (new JsonObject(), new JsonObject());
        for (var i = 0; i < chosen.Length; i++)
        {
            var path = _paths[i].Path;
            if (_paths[i].Values[chosen[i]] is { } value
                && !TrySet(path.IsOfCaller ? caller : arguments, path.Steps, value))
            {
                return null;
            }
        }

        if (caller.Count == 0)
            return new SampleCall(arguments.ToJsonString(), null);
        // Every caller has an issuer and a subject.
        caller.TryAdd("issuer", "corp");
        caller.TryAdd("subject", "ana");
        var call = new SampleCall(arguments.ToJsonString(), caller.ToJsonString());
        return call.Identity is null ? null : call;
    }

    private static bool TrySet(JsonNode root, ImmutableArray<PathStep> steps, string value)
    {
        var at = root;
        for (var i = 0; i < steps.Length; i++)
        {
            var isLast = i == steps.Length - 1;
            JsonNode? Next() => isLast ? JsonNode.Parse(value)
                : steps[i + 1].Key is null ? new JsonArray() : new JsonObject();
            if (steps[i].Key is { } key && at is JsonObject members)
            {
                if (isLast || members[key] is null)
                    members[key] = Next();
                at = members[key];
            }
            else if (at is JsonArray items && steps[i] is { Key: null, Index: <= IndexMax and var index })
            {
                // "[*]" is represented by one element.
                var n = Math.Max(0, index);
                while (items.Count <= n)
                    items.Add((JsonNode?)null);
                if (isLast || items[n] is null)
                    items[n] = Next();
                at = items[n];
            }
            else
                return false;
        }

        return true;
    }

    private static Dictionary<string, HashSet<string>> Collect(IEnumerable<JsonNode?> rules)
    {
        var found = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var rule in rules)
            Collect(rule, found);
        return found;
    }

    private static void Collect(JsonNode? node, Dictionary<string, HashSet<string>> found)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Collect(item, found);
        }

        if (node is not JsonObject members)
            return;
        if (members["path"] is JsonValue path && Operators.Find($"{members["op"]}") is { } op)
            Add(found, $"{path}", op.Operand.Around(members["value"]));
        if (members["increment_from"] is JsonValue counted)
            Add(found, $"{counted}", [.. SampleValues.Around(members["max"]), "0", "1"]);
        if ($"{members["scope"]}" == "subject")
            Add(found, "caller.subject", ["\"ana\"", "\"bob\""]);
        foreach (var by in (members["by"] as JsonArray ?? [members["by"]?.DeepClone()]).OfType<JsonValue>())
            Add(found, $"{by}", ["\"a\"", "\"b\""]);
        foreach (var (name, value) in members)
        {
            if (name == "arguments")
                CollectSchema(value as JsonObject, "args", found, 0);
            else if (name != "value")
                Collect(value, found);
        }
    }

    private static void CollectSchema(
        JsonObject? schema, string path, Dictionary<string, HashSet<string>> found, int depth)
    {
        if (schema is null || depth > SchemaDepthMax)
            return;
        if (depth > 0)
            Add(found, path, SampleValues.OfSchema(schema));
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
            CollectSchema(value as JsonObject ?? [], Below(path, name), found, depth + 1);
        foreach (var name in (schema["required"] as JsonArray ?? []).OfType<JsonValue>())
            Add(found, Below(path, $"{name}"), ["\"x\"", "1"]);
        CollectSchema(schema["items"] as JsonObject, path + "[0]", found, depth + 1);
    }

    private static string Below(string path, string name) =>
        name.Length > 0 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? $"{path}.{name}"
            : $"{path}[{SampleValues.Text(name)}]";

    private static void Add(Dictionary<string, HashSet<string>> found, string path, IEnumerable<string> values)
    {
        if (!found.TryGetValue(path, out var known))
            found[path] = known = new HashSet<string>(StringComparer.Ordinal);
        known.UnionWith(values);
    }
}
