using System.Collections.Concurrent;
using Gateway.Control.Options;
using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>
/// The rules of calls whose stream a client may take up again at this gateway, the latest of each grant. A call that is
/// not among them is not known there, and its answer is denied.
/// </summary>
internal sealed class ResumableCalls(GatewayOptions options)
{
    private readonly ConcurrentDictionary<string, Latest> _grants = new(StringComparer.Ordinal);

    /// <summary>Remembers a call.</summary>
    /// <param name="grant">The grant that made it.</param>
    /// <param name="call">Its server, its session and its id.</param>
    /// <param name="rules">What holds for its answer.</param>
    public void Add(string grant, string call, ResultRules rules) =>
        _grants.GetOrAdd(grant, static _ => new Latest()).Add(call, rules, options.ResumableCallsMax);

    /// <summary>What holds for the call's answer; null where it is not known.</summary>
    public ResultRules? Find(string grant, string call) =>
        _grants.TryGetValue(grant, out var latest) ? latest.Find(call) : null;

    private sealed class Latest
    {
        private readonly Dictionary<string, ResultRules> _rules = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = new();

        public void Add(string call, ResultRules rules, int max)
        {
            lock (_rules)
            {
                if (!_rules.ContainsKey(call))
                    _order.Enqueue(call);
                _rules[call] = rules;
                while (_order.Count > max)
                    _rules.Remove(_order.Dequeue());
            }
        }

        public ResultRules? Find(string call)
        {
            lock (_rules)
                return _rules.GetValueOrDefault(call);
        }
    }
}
