using System.Collections.Frozen;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>The open connections of one client sign-in; they close when the sign-in or its grant ends.</summary>
internal sealed class OpenSignIn
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AccessState, (AccessState Own, CancellationTokenRegistration WithGrant)> _open = [];
    private volatile Bindings? _last;
    private bool _isEnded;

    /// <summary>Returns the grant's bindings, each with the access state of this sign-in at its server.</summary>
    public FrozenDictionary<string, GrantBinding> BindingsOf(GrantModel grant)
    {
        var last = _last;
        if (last is null || !ReferenceEquals(last.Grants, grant.Bindings))
        {
            _last = last = new(grant.Bindings, grant.Bindings.ToFrozenDictionary(
                static one => one.Key, one => one.Value with { Access = OwnOf(one.Value.Access) },
                StringComparer.Ordinal));
        }

        return last.Own;
    }

    /// <summary>Ends the sign-in; returns once all open connections have been notified.</summary>
    public async Task EndAsync()
    {
        List<(AccessState Own, CancellationTokenRegistration WithGrant)> all;
        lock (_gate)
        {
            _isEnded = true;
            all = [.. _open.Values];
            _open.Clear();
        }

        foreach (var (own, withGrant) in all)
        {
            withGrant.Unregister();
            await own.EndAsync();
        }
    }

    private AccessState OwnOf(AccessState grants)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(grants, out var known))
                return known.Own;
            var own = new AccessState();
            _open[grants] = (own, grants.Ended.UnsafeRegister(_ => EndWith(grants), null));
            // Checked last: an end that came before the entry was added has not notified it.
            if (_isEnded || grants.Ended.IsCancellationRequested)
            {
                _open.Remove(grants);
                _ = own.EndAsync();
            }

            return own;
        }
    }

    /// <summary>Ends this access state because that of the grant has ended.</summary>
    private void EndWith(AccessState grants)
    {
        (AccessState Own, CancellationTokenRegistration WithGrant) open;
        lock (_gate)
        {
            if (!_open.Remove(grants, out open))
                return;
        }

        _ = open.Own.EndAsync();
    }

    private sealed record Bindings(
        FrozenDictionary<string, GrantBinding> Grants, FrozenDictionary<string, GrantBinding> Own);
}
