using System.Collections.Concurrent;

namespace Gateway.Proxy.Results;

/// <summary>What was remembered lately for each grant, by name; at the bound the oldest of that grant goes.</summary>
internal sealed class LatestOfGrants<T>(int max)
    where T : class
{
    private readonly ConcurrentDictionary<string, Latest> _grants = new(StringComparer.Ordinal);

    /// <summary>Remembers it, or replaces what has the name.</summary>
    public void Set(string grant, string name, T value) =>
        _grants.GetOrAdd(grant, static _ => new Latest()).Set(name, value, max);

    /// <summary>Null where it is not known, or not any more.</summary>
    public T? Find(string grant, string name) =>
        _grants.TryGetValue(grant, out var latest) ? latest.Find(name) : null;

    /// <summary>Forgets it.</summary>
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
