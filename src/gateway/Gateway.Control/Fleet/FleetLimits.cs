using System.Collections.Frozen;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;

namespace Gateway.Control.Fleet;

/// <summary>An object that differs between the configuration files of two frontends.</summary>
/// <param name="Object">The object, as <c>policies/NAME</c>.</param>
/// <param name="Frontend">The other frontend.</param>
/// <param name="Effect">The consequence for limits; null if there is none.</param>
public sealed record FleetDifference(string Object, string Frontend, string? Effect);

/// <summary>
/// The counters on which frontends with different configuration files have to agree. If the maxima differ, the smallest
/// applies; a counter is refused if another frontend limits the same grant and server by other counters.
/// </summary>
internal sealed class FleetLimits
{
    public const string SmallerHolds = "the smaller maximum holds";
    public const string NotThere = "that gateway does not have this limit and admits calls without counting them";
    public const string Refused = "calls that this limit applies to are refused until the files agree";

    private readonly FrozenDictionary<string, Amount> _maxima;
    private readonly FrozenDictionary<string, string> _refused;

    private FleetLimits(Dictionary<string, Amount> maxima, Dictionary<string, string> refused) =>
        (_maxima, _refused) = (
            maxima.ToFrozenDictionary(StringComparer.Ordinal), refused.ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>All frontends agree.</summary>
    public static FleetLimits None { get; } = new([], []);

    public bool IsEmpty => _maxima.Count + _refused.Count == 0;

    /// <summary>Compares the state in effect here with the other frontends' files.</summary>
    /// <param name="state">The state in effect here.</param>
    /// <param name="own">The document of this frontend's file.</param>
    /// <param name="others">The documents of the other frontends' files, by their names.</param>
    public static (FleetLimits Limits, IReadOnlyList<FleetDifference> Differences) Compare(
        ControlState state, FleetConfigDocument own,
        IReadOnlyList<(string Frontend, FleetConfigDocument Config)> others)
    {
        var (maxima, refused) = (new Dictionary<string, Amount>(), new Dictionary<string, string>());
        var differences = new List<FleetDifference>();
        foreach (var (frontend, config) in others)
        {
            var comparison = new FleetComparison(state, own, config, frontend, maxima, refused);
            differences.AddRange(comparison.Run());
        }

        return (new FleetLimits(maxima, refused), differences);
    }

    /// <summary>
    /// Returns the key of a counter without the grant and server it belongs to, and without its generation.
    /// </summary>
    public static string PatternOf(CounterKey key) =>
        $"{NameOf(key)}/{key.Scope}/{key.Kind.Name}/{key.Window}";

    /// <summary>
    /// Returns the counter of a limit (the grant's, for a session) or of a budget (for all its keys).
    /// </summary>
    public static string IdOf(CounterKey key)
    {
        var scope = key.ScopeId;
        // session@grant@server
        if (key.Scope == LimitScope.Session && scope.LastIndexOf('@') is > 0 and var server
            && scope.LastIndexOf('@', server - 1) is >= 0 and var grant)
        {
            scope = scope[(grant + 1)..];
        }

        return $"{scope}/{PatternOf(key)}";
    }

    /// <summary>Returns the maximum that applies in the whole fleet.</summary>
    public Amount MaxOf(string id, Amount max) =>
        _maxima.TryGetValue(id, out var smaller) && smaller < max ? smaller : max;

    /// <summary>Returns the reason why the counter cannot be used; null if it can.</summary>
    public string? ProblemOf(string id) => _refused.GetValueOrDefault(id);

    private static string NameOf(CounterKey key) => Budget.IsCounter(key) ? key.ShownName : key.Counter;
}
