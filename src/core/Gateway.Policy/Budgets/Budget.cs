using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Gateway.Limits.Model;

namespace Gateway.Policy.Budgets;

/// <summary>A limit with a name of its own, for those whom it names: whoever is not named may not charge it.</summary>
public sealed class Budget
{
    /// <summary>In place of a name: everybody of that sort.</summary>
    public const string Everybody = "*";

    private const string ScopeStart = "~budget~";
    private const int DigestBytes = 16;
    private Func<CounterKey, CounterKey> _current = static key => key;

    internal Budget(string name, IWindowKind kind, Window window, string windowText)
    {
        // Each is a domain of its own, so a flood of keys of one leaves the room of the others alone. No domain of
        // another service begins so, and no name that a policy gives.
        (Name, Kind, Window, WindowText) = (name, kind, window, windowText);
        Key = new CounterKey(LimitScope.Service, ScopeStart + name, name, kind, window);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How the window moves.</summary>
    public IWindowKind Kind { get; }

    /// <summary>The period.</summary>
    public Window Window { get; }

    /// <summary>The period as it was written.</summary>
    public string WindowText { get; }

    /// <summary>The most that one window admits, above 0.</summary>
    public required Amount Max { get; init; }

    /// <summary>Whether each key that is charged has a counter of its own.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>Whether what was charged may come back.</summary>
    public bool IsRefundable { get; init; }

    /// <summary>The services that may charge it, by operator; <see cref="Everybody"/> for all.</summary>
    public ImmutableArray<string> Services { get; init; } = [];

    /// <summary>The grants whose policies may charge it; <see cref="Everybody"/> for all.</summary>
    public ImmutableArray<string> Grants { get; init; } = [];

    /// <summary>
    /// The domains of Envoy's rate limit service that may charge it; <see cref="Everybody"/> for all.
    /// </summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>The counter of all.</summary>
    private CounterKey Key { get; set; }

    /// <summary>Whether this service may charge it.</summary>
    public bool Admits(string service) => IsIn(service, Services);

    /// <summary>Whether a policy of this grant may charge it.</summary>
    public bool AdmitsGrant(string grant) => IsIn(grant, Grants);

    /// <summary>Whether a descriptor of this domain may charge it.</summary>
    public bool AdmitsDomain(string domain) => IsIn(domain, Domains);

    /// <summary>The counter to charge; of a key only a digest is in its name.</summary>
    /// <param name="key">What is counted apart; null where all are counted together.</param>
    public CounterKey CounterOf(string? key) => key is null
        ? Key
        : _current(new CounterKey(
            LimitScope.Service, Key.ScopeId, CounterKey.NameByValue(Name, Digest(key)), Kind, Window));

    /// <summary>Returns the same budgets with other counters.</summary>
    /// <param name="budgets">The budgets of a configuration file.</param>
    /// <param name="current">Returns the counter that resets have begun in place of one; of each key as well.</param>
    public static IReadOnlyDictionary<string, Budget> WithCounters(
        IReadOnlyDictionary<string, Budget> budgets, Func<CounterKey, CounterKey> current)
    {
        ArgumentNullException.ThrowIfNull(budgets);
        ArgumentNullException.ThrowIfNull(current);
        return budgets.ToDictionary(static one => one.Key, one =>
        {
            var budget = (Budget)one.Value.MemberwiseClone();
            (budget._current, budget.Key) = (current, current(one.Value.Key));
            return budget;
        });
    }

    /// <summary>Whether a counter is a budget's.</summary>
    public static bool IsCounter(CounterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Scope == LimitScope.Service && key.ScopeId.StartsWith(ScopeStart, StringComparison.Ordinal);
    }

    /// <summary>Whether this counter is the budget's, of whatever key and generation.</summary>
    public bool Owns(CounterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Scope == LimitScope.Service && key.ScopeId == Key.ScopeId && key.Kind == Kind && key.Window == Window
            && (IsKeyed ? key.ShownName == Name && key.Counter != Name : key.Counter == Name);
    }

    private static bool IsIn(string name, ImmutableArray<string> names) =>
        names.Contains(name) || names.Contains(Everybody);

    private static string Digest(string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, DigestBytes));
}
