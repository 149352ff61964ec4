using System.Globalization;

namespace Gateway.Limits.Model;

/// <summary>
/// What a counter is, apart from its state: two limits with equal keys are one shared counter. The ordinal order of
/// <see cref="Text"/> is the canonical order in which several limits of one call are taken.
/// </summary>
public sealed class CounterKey : IEquatable<CounterKey>, IComparable<CounterKey>
{
    /// <summary>Stands in no name that a policy gives; after it, what is not for people to read.</summary>
    private const string ValuesMark = "~by~";

    // 2020-01-01T00:00:00Z. Seconds since then fit into a generation until 2088.
    private const long GenerationsFromMs = 1_577_836_800_000;

    private readonly int _hash;

    /// <summary>Names one counter. Compute it once and keep it; the text and the hash are made here.</summary>
    /// <param name="scope">Who shares the counter.</param>
    /// <param name="scopeId"><c>grant@server</c>, <c>session@grant@server</c>, <c>server</c> or a domain.</param>
    /// <param name="counter">The counter's name in the policy.</param>
    /// <param name="kind">How the window moves.</param>
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

    /// <summary>Who shares the counter.</summary>
    public LimitScope Scope { get; }

    /// <summary>The one that it belongs to, within its scope.</summary>
    public string ScopeId { get; }

    /// <summary>The counter's name in the policy.</summary>
    public string Counter { get; }

    /// <summary>The name as people read it: without what makes it the counter of one value.</summary>
    public string ShownName =>
        Counter.IndexOf(ValuesMark, StringComparison.Ordinal) is > 0 and var end ? Counter[..end] : Counter;

    /// <summary>How the window moves.</summary>
    public IWindowKind Kind { get; }

    /// <summary>The period.</summary>
    public Window Window { get; }

    /// <summary>
    /// 0 for a counter that was never reset. A reset sets it to its own time, in seconds since 2020; earlier releases
    /// raised it by one.
    /// </summary>
    public int Generation { get; }

    /// <summary>
    /// No call counted in this generation before this time, Unix milliseconds UTC. A window that a restore closed
    /// because its counts may be lost is therefore open to a generation that began later.
    /// </summary>
    public long GenerationFromMs => GenerationsFromMs + (Generation * 1000L);

    /// <summary>
    /// <c>{scopeId}/{counter}/{scope}/{kind}/{window}/{generation}</c>; <c>/</c> and <c>%</c> in a part are
    /// percent-escaped.
    /// </summary>
    public string Text { get; }

    /// <summary>The generation of a reset at this time.</summary>
    /// <param name="previous">The generation before it.</param>
    /// <param name="nowMs">A trusted clock, Unix milliseconds UTC; null if there is none.</param>
    public static int GenerationAfter(int previous, long? nowMs) =>
        (int)Math.Max(previous + 1L, ((nowMs ?? GenerationsFromMs) - GenerationsFromMs) / 1000);

    /// <summary>
    /// Whether callers make new ones as they like, and so have a share of the room, a part of it each.
    /// </summary>
    internal bool IsMadeByCallers => Scope is LimitScope.Session or LimitScope.Service;

    /// <summary>
    /// Whose part that is: the session's grant, or the domain, with a sign before it that begins no grant's name.
    /// </summary>
    internal ReadOnlySpan<char> RoomOwner => Scope == LimitScope.Service ? "/" + ScopeId : SessionGrant;

    /// <summary>The grant whose session it counts for; of the other scopes it means nothing.</summary>
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
    /// Where a table of this process last found the owner of this counter, or the line to it: a short cut past the
    /// table's index, used only if what it leads to says that it is still of that table.
    /// </summary>
    /// <remarks>
    /// Because callers keep their keys and hold them anyway when they ask, while the index of a million counters lies
    /// in memory that no cache has.
    /// </remarks>
    public object? CounterHandle { get; set; }

    /// <summary>The name of a limit's counter that is one for each value.</summary>
    /// <param name="counter">The counter's name in the policy.</param>
    /// <param name="values">Which values, as a text of digits and letters.</param>
    public static string NameByValue(string counter, string values) => counter + ValuesMark + values;

    /// <summary>The same counter but for the end of its name.</summary>
    internal CounterKey Within(string end) => new(Scope, ScopeId, $"{Counter}~{end}", Kind, Window, Generation);

    /// <summary>Whether this is the counter of one value of the limit that the other key is of.</summary>
    internal bool IsOfValueOf(CounterKey limit) =>
        Scope == limit.Scope && ScopeId == limit.ScopeId && Counter.Length > limit.Counter.Length
        && Counter[limit.Counter.Length] == '~' && Counter.StartsWith(limit.Counter, StringComparison.Ordinal);

    /// <summary>
    /// When nothing counts any more of what a record of this start holds, Unix milliseconds UTC: it may be deleted
    /// then, and nothing older be begun.
    /// </summary>
    public long RecordEndMs(long startMs) => Kind.RecordEndMs(Window, startMs);

    /// <summary>The same of this very record, which may know better when its window ends.</summary>
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

    /// <summary>Equal text.</summary>
    public static bool operator ==(CounterKey? left, CounterKey? right) => left?.Equals(right) ?? right is null;

    /// <summary>Different text.</summary>
    public static bool operator !=(CounterKey? left, CounterKey? right) => !(left == right);

    /// <summary>Earlier in the canonical order.</summary>
    public static bool operator <(CounterKey left, CounterKey right) => left.CompareTo(right) < 0;

    /// <summary>Later in the canonical order.</summary>
    public static bool operator >(CounterKey left, CounterKey right) => left.CompareTo(right) > 0;

    /// <summary>Not later in the canonical order.</summary>
    public static bool operator <=(CounterKey left, CounterKey right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier in the canonical order.</summary>
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
