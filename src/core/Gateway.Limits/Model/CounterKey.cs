using System.Globalization;

namespace Gateway.Limits.Model;

/// <summary>
/// The identity of a counter, apart from its state: two limits with equal keys share one counter. The ordinal order of
/// <see cref="Text"/> is the canonical order in which several limits of one call are taken.
/// </summary>
public sealed class CounterKey : IEquatable<CounterKey>, IComparable<CounterKey>
{
    /// <summary>Occurs in no name that a policy gives. The part after it is not for people to read.</summary>
    private const string ValuesMark = "~by~";

    // Ends the name of the counter of a limit's values; no digest of a value ends this way.
    private const string ValuesEnd = "~values";

    // 2020-01-01T00:00:00Z. Seconds since then fit into a generation until 2088.
    private const long GenerationsFromMs = 1_577_836_800_000;

    private readonly int _hash;

    /// <summary>
    /// Creates the key of one counter. Create it once and keep it, as its text and hash are computed here.
    /// </summary>
    /// <param name="scope">The scope of the calls that share the counter.</param>
    /// <param name="scopeId"><c>grant@server</c>, <c>session@grant@server</c>, <c>server</c> or a domain.</param>
    /// <param name="counter">The counter's name in the policy.</param>
    /// <param name="kind">The kind of the window.</param>
    /// <param name="window">The period.</param>
    /// <param name="generation">Raised each time the counter is reset; at least 0.</param>
    public CounterKey(
        LimitScope scope, string scopeId, string counter, IWindowKind kind, Window window, int generation = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(scopeId);
        ArgumentException.ThrowIfNullOrEmpty(counter);
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        Scope = scope;
        ScopeId = scopeId;
        Counter = counter;
        Kind = kind;
        Window = window;
        Generation = generation;
        Text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Escape(scopeId)}/{Escape(counter)}/{Name(scope)}/{kind.Name}/{Escape(window.ToString())}/{generation}");
        _hash = string.GetHashCode(Text, StringComparison.Ordinal);
    }

    /// <summary>The scope of the calls that share the counter.</summary>
    public LimitScope Scope { get; }

    /// <summary>The scope's instance, such as one grant or session.</summary>
    public string ScopeId { get; }

    /// <summary>The counter's name in the policy.</summary>
    public string Counter { get; }

    /// <summary>The name as shown to people, without the part that identifies a single value.</summary>
    public string ShownName =>
        Counter.IndexOf(ValuesMark, StringComparison.Ordinal) is > 0 and var end ? Counter[..end] : Counter;

    /// <summary>True if this is the counter of one value of a limit, which is reset only with all others.</summary>
    public bool IsOfOneValue =>
        Counter.IndexOf(ValuesMark, StringComparison.Ordinal) is > 0 and var mark
        && Counter.IndexOf('~', mark + ValuesMark.Length) >= 0
        && !Counter.EndsWith(ValuesEnd, StringComparison.Ordinal);

    /// <summary>The kind of the window.</summary>
    public IWindowKind Kind { get; }

    /// <summary>The period.</summary>
    public Window Window { get; }

    /// <summary>
    /// 0 for a counter that was never reset. A reset sets it to its own time, in seconds since 2020; earlier releases
    /// incremented it.
    /// </summary>
    public int Generation { get; }

    /// <summary>
    /// The time before which no call was counted in this generation, Unix milliseconds UTC. A restore may close a
    /// window because its counts may be lost; a generation that began later may still use it.
    /// </summary>
    public long GenerationFromMs => GenerationsFromMs + (Generation * 1000L);

    /// <summary>
    /// The text of the key: <c>{scopeId}/{counter}/{scope}/{kind}/{window}/{generation}</c>, where <c>/</c> and
    /// <c>%</c> in a part are percent-escaped.
    /// </summary>
    public string Text { get; }

    /// <summary>Returns the generation of a reset at this time.</summary>
    /// <param name="previous">The previous generation.</param>
    /// <param name="nowMs">A trusted clock, Unix milliseconds UTC; null if there is none.</param>
    public static int GenerationAfter(int previous, long? nowMs) =>
        (int)Math.Max(previous + 1L, ((nowMs ?? GenerationsFromMs) - GenerationsFromMs) / 1000);

    /// <summary>
    /// True if callers can create such counters at will. They therefore share a part of the room, with a smaller part
    /// for each owner.
    /// </summary>
    internal bool IsMadeByCallers => Scope is LimitScope.Session or LimitScope.Service;

    /// <summary>
    /// The owner of that part: the session's grant, or the domain with a prefix that no grant's name begins with.
    /// </summary>
    internal ReadOnlySpan<char> RoomOwner => Scope == LimitScope.Service ? "/" + ScopeId : SessionGrant;

    /// <summary>The grant whose session it counts for; meaningless for other scopes.</summary>
    internal ReadOnlySpan<char> SessionGrant
    {
        get
        {
            var grant = ScopeId.AsSpan();
            if (grant.LastIndexOf('@') is >= 0 and var server) grant = grant[..server];
            return grant[(grant.LastIndexOf('@') + 1)..];
        }
    }

    /// <summary>
    /// The owner of this counter, or the connection to it, as a table of this process last found it. A shortcut past
    /// the table's index, used only if the target confirms that it still belongs to that table.
    /// </summary>
    /// <remarks>
    /// Callers keep their keys and have them at hand for a request, while the index of a million counters is in no CPU
    /// cache.
    /// </remarks>
    public object? CounterHandle { get; set; }

    /// <summary>Returns the name of a limit's counter that is separate for each value.</summary>
    /// <param name="counter">The counter's name in the policy.</param>
    /// <param name="values">Identifies the values, as a text of digits and letters.</param>
    public static string NameByValue(string counter, string values) => counter + ValuesMark + values;

    /// <summary>Returns the name of the counter of a limit's values.</summary>
    /// <param name="counter">The counter's name in the policy.</param>
    /// <param name="paths">Identifies the paths of the values, as a text of digits and letters.</param>
    public static string NameOfValues(string counter, string paths) => NameByValue(counter, paths) + ValuesEnd;

    /// <summary>Returns the key with this end added to its counter's name.</summary>
    internal CounterKey Within(string end) => new(Scope, ScopeId, $"{Counter}~{end}", Kind, Window, Generation);

    /// <summary>Returns true if this is the counter of one value of the limit that the other key belongs to.</summary>
    internal bool IsOfValueOf(CounterKey limit) =>
        Scope == limit.Scope && ScopeId == limit.ScopeId && Counter.Length > limit.Counter.Length
        && Counter[limit.Counter.Length] == '~' && Counter.StartsWith(limit.Counter, StringComparison.Ordinal);

    /// <summary>
    /// Returns when nothing in a record of this start counts any more, Unix milliseconds UTC. From then on it may be
    /// deleted, and no older window may begin.
    /// </summary>
    public long RecordEndMs(long startMs) => Kind.RecordEndMs(Window, startMs);

    /// <summary>
    /// Returns when nothing in this record counts any more; the record may know its window's end more precisely.
    /// </summary>
    public long RecordEndMs(in Reservation record) => Kind.RecordEndMs(Window, record);

    /// <inheritdoc/>
    public bool Equals(CounterKey? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && string.Equals(Text, other.Text, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CounterKey);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(CounterKey? other) => string.CompareOrdinal(Text, other?.Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Compares by text.</summary>
    public static bool operator ==(CounterKey? left, CounterKey? right) => left?.Equals(right) ?? right is null;

    /// <summary>Compares by text.</summary>
    public static bool operator !=(CounterKey? left, CounterKey? right) => !(left == right);

    /// <summary>Compares by the canonical order.</summary>
    public static bool operator <(CounterKey left, CounterKey right) => left.CompareTo(right) < 0;

    /// <summary>Compares by the canonical order.</summary>
    public static bool operator >(CounterKey left, CounterKey right) => left.CompareTo(right) > 0;

    /// <summary>Compares by the canonical order.</summary>
    public static bool operator <=(CounterKey left, CounterKey right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by the canonical order.</summary>
    public static bool operator >=(CounterKey left, CounterKey right) => left.CompareTo(right) >= 0;

    private static string Escape(string part) =>
        part.AsSpan().IndexOfAny('/', '%') < 0
            ? part
            : part.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    private static string Name(LimitScope scope) => scope switch
    {
        LimitScope.Grant => "grant",
        LimitScope.Session => "session",
        LimitScope.Server => "server",
        LimitScope.Service => "service",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };
}

/// <summary>The scope of the calls that share one counter.</summary>
public enum LimitScope
{
    /// <summary>All calls of one grant to one server.</summary>
    Grant,

    /// <summary>All calls of one MCP session.</summary>
    Session,

    /// <summary>All calls to one server, from any grant.</summary>
    Server,

    /// <summary>
    /// All calls of one domain that clients other than agents have counted. These are never counters of agents, and
    /// they have their own share of the room for sessions.
    /// </summary>
    Service,
}
