using System.Collections.Concurrent;
using Gateway.Proxy.Edge.Grants;

namespace Gateway.Proxy.Results;

/// <summary>
/// The most recent values of each grant, or of each caller of it that an issuer identifies, by name. At the bound, the
/// oldest value of that grant or caller is evicted.
/// </summary>
internal sealed class LatestOfGrants<T>(int max)
    where T : class
{
    private readonly ConcurrentDictionary<string, Latest> _grants = new(StringComparer.Ordinal);
    private readonly CallerBound _callers = new();

    /// <summary>Stores a value, or replaces the value of the same name.</summary>
    public void Set(string caller, string name, T value)
    {
        if (!_grants.TryGetValue(caller, out var latest))
        {
            _callers.Add(caller, _grants.Keys, static key => key, key => _grants.TryRemove(key, out _));
            latest = _grants.GetOrAdd(caller, static _ => new Latest());
        }

        latest.Set(name, value, max);
    }

    /// <summary>Returns the value, or null if it is unknown or was evicted.</summary>
    public T? Find(string caller, string name) =>
        _grants.TryGetValue(caller, out var latest) ? latest.Find(name) : null;

    public void Remove(string caller, string name)
    {
        if (_grants.TryGetValue(caller, out var latest))
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
