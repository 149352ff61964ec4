using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Gateway.Limits.Model;

namespace Gateway.Policy.Budgets;

/// <summary>A raise of a budget's maximum that ends by itself.</summary>
/// <param name="By">The amount, above 0.</param>
/// <param name="UntilMs">The end (exclusive), Unix milliseconds UTC.</param>
/// <param name="Reason">The reason, for operators.</param>
public sealed record TopUp(Amount By, long UntilMs, string Reason);

/// <summary>
/// A named limit that several services, grants and domains share. Only those that it names may charge it.
/// </summary>
public sealed class Budget
{
    /// <summary>Stands for all names of one kind.</summary>
    public const string Everybody = "*";

    private const string ScopeStart = "~budget~";
    private const int DigestBytes = 16;
    private Func<CounterKey, CounterKey> _current = static key => key;

    internal Budget(string name, IWindowKind kind, Window window, string windowText)
    {
        // Each budget has its own domain, so a flood of keys in one leaves the room of the others alone. No domain of
        // another service and no name in a policy begins this way.
        (Name, Kind, Window, WindowText) = (name, kind, window, windowText);
        Key = new CounterKey(LimitScope.Service, ScopeStart + name, name, kind, window);
    }

    /// <summary>The budget's name.</summary>
    public string Name { get; }

    /// <summary>The kind of the window.</summary>
    public IWindowKind Kind { get; }

    /// <summary>The period of the window.</summary>
    public Window Window { get; }

    /// <summary>The period as written in the configuration.</summary>
    public string WindowText { get; }

    /// <summary>The kind of the window as written, or the default.</summary>
    public required string KindText { get; init; }

    /// <summary>The IANA time zone of the window as written; null for none.</summary>
    public string? Zone { get; init; }

    /// <summary>The maximum of one window, above 0.</summary>
    public required Amount Max { get; init; }

    /// <summary>The raises of the maximum, in the order in which they were added.</summary>
    public ImmutableArray<TopUp> TopUps
    {
        get;
        init => (field, Raises) = (value, [.. value.Select(static one => new MaxRaise(one.By, one.UntilMs))]);
    } = [];

    /// <summary>The percentages of the maximum whose crossing raises an event, ascending.</summary>
    public ImmutableArray<int> NotifyAt { get; init; } = [];

    /// <summary>The top-ups in the form for the engine.</summary>
    public ImmutableArray<MaxRaise> Raises { get; private init; } = [];

    /// <summary>True if each charged key has its own counter.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>True if charges can be refunded.</summary>
    public bool IsRefundable { get; init; }

    /// <summary>The services that may charge it, by operator; <see cref="Everybody"/> for all.</summary>
    public ImmutableArray<string> Services { get; init; } = [];

    /// <summary>The grants whose policies may charge it; <see cref="Everybody"/> for all.</summary>
    public ImmutableArray<string> Grants { get; init; } = [];

    /// <summary>
    /// The domains of Envoy's rate limit service that may charge it; <see cref="Everybody"/> for all.
    /// </summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>The counter of all charges without a key.</summary>
    private CounterKey Key { get; set; }

    /// <summary>Returns the maximum of one window at this time, with the top-ups in effect.</summary>
    public Amount MaxAt(long nowMs) => MaxRaise.MaxAt(Max, Raises, nowMs);

    /// <summary>Returns the cost of a call on a counter of this budget.</summary>
    public LimitCost CostOf(CounterKey counter, Amount cost) =>
        new(counter, Max, cost, IsRefundable) { Raises = Raises };

    /// <summary>Returns true if this service may charge the budget.</summary>
    public bool Admits(string service) => IsIn(service, Services);

    /// <summary>Returns true if a policy of this grant may charge the budget.</summary>
    public bool AdmitsGrant(string grant) => IsIn(grant, Grants);

    /// <summary>Returns true if a descriptor of this domain may charge the budget.</summary>
    public bool AdmitsDomain(string domain) => IsIn(domain, Domains);

    /// <summary>Returns the counter to charge. Its name contains only a digest of the key.</summary>
    /// <param name="key">The key that is counted separately; null if all charges are counted together.</param>
    public CounterKey CounterOf(string? key) => key is null
        ? Key
        : _current(new CounterKey(
            LimitScope.Service, Key.ScopeId, CounterKey.NameByValue(Name, Digest(key)), Kind, Window));

    /// <summary>Returns the same budgets with other counters.</summary>
    /// <param name="budgets">The budgets of the configuration file and of the store.</param>
    /// <param name="current">
    /// Returns the counter that a reset created in place of another, including those of keys.
    /// </param>
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

    /// <summary>Returns true if the counter belongs to any budget.</summary>
    public static bool IsCounter(CounterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Scope == LimitScope.Service && key.ScopeId.StartsWith(ScopeStart, StringComparison.Ordinal);
    }

    /// <summary>Returns true if this counter belongs to the budget, with any key and generation.</summary>
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
