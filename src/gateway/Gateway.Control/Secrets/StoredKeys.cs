using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Gateway.Control.Secrets;

/// <summary>
/// The keys of Data Protection as of one instant. A new key is queued here until it has been written to the store,
/// because the framework requests it synchronously and the store is only ever awaited.
/// </summary>
/// <param name="stored">The keys in the store: name to XML.</param>
/// <param name="unwritten">Keys that the store does not have yet.</param>
internal sealed class StoredKeys(
    IReadOnlyDictionary<string, string> stored, IReadOnlyDictionary<string, string> unwritten) : IXmlRepository
{
    private readonly ConcurrentDictionary<string, string> _known = new(stored.Concat(unwritten));
    private readonly ConcurrentDictionary<string, string> _unwritten = new(unwritten);

    /// <summary>The keys that the store does not have yet: name to XML.</summary>
    public IReadOnlyDictionary<string, string> Unwritten => _unwritten;

    public bool IsEmpty => _known.IsEmpty;

    public bool Knows(string name) => _known.ContainsKey(name);

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. _known.Values.Select(static xml => XElement.Parse(xml))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var xml = element.ToString(SaveOptions.DisableFormatting);
        _unwritten[friendlyName] = xml;
        _known[friendlyName] = xml;
    }

    public void IsWritten(string name) => _unwritten.TryRemove(name, out _);
}
