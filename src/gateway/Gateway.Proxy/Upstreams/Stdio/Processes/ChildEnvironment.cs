using System.Collections;
using System.Collections.Immutable;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>
/// The environment of a child: the configured variables, and <c>PATH</c>, <c>HOME</c> and <c>LANG</c> of the gateway,
/// without which few programs are found or start. Nothing else is inherited, because the gateway's variables may
/// contain secrets.
/// </summary>
internal static class ChildEnvironment
{
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG"];

    public static ImmutableArray<string> Of(ImmutableArray<KeyValuePair<string, string>> configured)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                all[name] = value;
        }

        foreach (var (name, value) in configured)
            all[name] = value;
        return [.. all.Select(static pair => $"{pair.Key}={pair.Value}")];
    }

    /// <summary>Returns the whole environment, for the gateway's own executable.</summary>
    public static IEnumerable<string> OfThisProcess()
    {
        foreach (DictionaryEntry pair in Environment.GetEnvironmentVariables())
            yield return $"{pair.Key}={pair.Value}";
    }
}
