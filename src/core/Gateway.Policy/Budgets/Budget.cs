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

    private const int DigestBytes = 16;

    internal Budget(string name, IWindowKind kind, Window window)
    {
        // Each is a domain of its own, so a flood of keys of one leaves the room of the others alone. No domain of
        // another service begins so, and no name that a policy gives.
        (Name, Kind, Window) = (name, kind, window);
        Key = new CounterKey(LimitScope.Service, $"~budget~{name}", name, kind, window);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How the window moves.</summary>
    public IWindowKind Kind { get; }

    /// <summary>The period.</summary>
    public Window Window { get; }

    /// <summary>The most that one window admits, above 0.</summary>
    public required Amount Max { get; init; }

    /// <summary>Whether each key that is charged has a counter of its own.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>Whether what was charged may come back.</summary>
    public bool IsRefundable { get; init; }

    /// <summary>The services that may charge it, by operator; <see cref="Everybody"/> for all.</summary>
    public ImmutableArray<string> Services { get; init; } = [];

    /// <summary>The counter of all.</summary>
    private CounterKey Key { get; }

    /// <summary>Whether this service may charge it.</summary>
    public bool Admits(string service) => Services.Contains(service) || Services.Contains(Everybody);

    /// <summary>The counter to charge; of a key only a digest is in its name.</summary>
    /// <param name="key">What is counted apart; null where all are counted together.</param>
    public CounterKey CounterOf(string? key) => key is null
        ? Key
        : new CounterKey(LimitScope.Service, Key.ScopeId, CounterKey.NameByValue(Name, Digest(key)), Kind, Window);

    private static string Digest(string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, DigestBytes));
}
