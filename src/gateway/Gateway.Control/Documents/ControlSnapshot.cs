using System.Collections.Immutable;

namespace Gateway.Control.Documents;

/// <summary>Every control document at one instant.</summary>
/// <param name="Revision">The revision that this is the state of; 0 for a store that was never written.</param>
/// <param name="Documents">In the order of their keys.</param>
public sealed record ControlSnapshot(long Revision, ImmutableArray<ControlDocument> Documents)
{
    /// <summary>A store without documents.</summary>
    public static ControlSnapshot Empty { get; } = new(0, []);

    /// <summary>The documents of one kind, by name in ordinal order.</summary>
    public IEnumerable<ControlDocument> OfKind(string kind) => Documents.Where(document => document.Key.Kind == kind);

    /// <summary>The document, or null where there is none.</summary>
    public ControlDocument? Find(ControlKey key)
    {
        var (low, high) = (0, Documents.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Documents[middle].Key.CompareTo(key);
            if (order == 0)
                return Documents[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
