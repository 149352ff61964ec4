using System.Collections.Concurrent;

namespace Gateway.Proxy.Results;

/// <summary>
/// The most recent values of each grant, by name. At the bound, the oldest value of that grant is evicted.
/// </summary>
internal sealed class LatestOfGrants<T>(int max)
    where T : class
{
    private readonly ConcurrentDictionary<string, Latest> _grants = new(StringComparer.Ordinal);

    /// <summary>Stores a value, or replaces the value of the same name.</summary>
    public void Set(string grant, string name, T value) =>
        _grants.GetOrAdd(grant, static _ => new Latest()).Set(name, value, max);

    /// <summary>Returns the value, or null if it is unknown or was evicted.</summary>
    public T? Find(string grant, string name) =>
        _grants.TryGetValue(grant, out var latest) ? latest.Find(name) : null;

    public void Remove(string grant, string name)
    {
        if (_grants.TryGetValue(grant, out var latest))
            latest.Remove(name);
    }

    private sealed class Latest
    {
        private readonly Dictionary<string, T> _values = new(StringComparer.Ordinal);
        private readonly LinkedList<string> _order = [];

        public void Set(string name, T value, int max)
        {
            lock (_values)
            {
                if (!_values.ContainsKey(name))
                    _order.AddLast(name);
                _values[name] = value;
                while (_order.Count > max)
                {
                    _values.Remove(_order.First!.Value);
                    _order.RemoveFirst();
                }
            }
        }

        public T? Find(string name)
        {
            lock (_values)
                return _values.GetValueOrDefault(name);
        }

        public void Remove(string name)
        {
            lock (_values)
            {
                if (_values.Remove(name))
                    _order.Remove(name);
            }
        }
    }
}
