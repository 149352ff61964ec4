using System.Collections;

namespace Gateway.Limits.Model;

/// <summary>The parts of one permit, in the order in which they were taken.</summary>
public readonly struct PermitParts : IReadOnlyList<CounterPermit>, IEquatable<PermitParts>
{
    private readonly CounterPermit? _first;

    internal PermitParts(CounterPermit? first) => _first = first;

    /// <summary>True if there is no part, because the call has no limits.</summary>
    public bool IsEmpty => _first is null;

    /// <inheritdoc/>
    public int Count
    {
        get
        {
            var count = 0;
            for (var part = _first; part is not null; part = part.Next) count++;
            return count;
        }
    }

    /// <inheritdoc/>
    public CounterPermit this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            var part = _first;
            for (; part is not null && index > 0; index--) part = part.Next;
            return part ?? throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    /// <summary>Enumerates the parts without allocating.</summary>
    public Enumerator GetEnumerator() => new(_first);

    /// <inheritdoc/>
    public bool Equals(PermitParts other) => ReferenceEquals(_first, other._first);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PermitParts other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _first?.GetHashCode() ?? 0;

    /// <summary>Compares by identity.</summary>
    public static bool operator ==(PermitParts left, PermitParts right) => left.Equals(right);

    /// <summary>Compares by identity.</summary>
    public static bool operator !=(PermitParts left, PermitParts right) => !left.Equals(right);

    IEnumerator<CounterPermit> IEnumerable<CounterPermit>.GetEnumerator()
    {
        for (var part = _first; part is not null; part = part.Next) yield return part;
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<CounterPermit>)this).GetEnumerator();

    /// <summary>An enumerator of the parts.</summary>
    public struct Enumerator
    {
        private CounterPermit? _next;

        internal Enumerator(CounterPermit? first) => _next = first;

        /// <summary>The current part.</summary>
        public CounterPermit Current { get; private set; } = null!;

        /// <summary>Advances to the next part; false after the last.</summary>
        public bool MoveNext()
        {
            if (_next is null) return false;
            (Current, _next) = (_next, _next.Next);
            return true;
        }
    }
}
