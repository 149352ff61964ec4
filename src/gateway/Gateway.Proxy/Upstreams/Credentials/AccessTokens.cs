using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// One access token for one server: requested before it is needed, shared by all calls, renewed before it expires, and
/// dropped when the server refuses it.
/// </summary>
internal sealed class AccessTokens
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    // If a token this recent is refused, a new one would be refused as well.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private readonly OAuthClientOptions _client;
    private readonly OAuthHttp _http;
    private readonly Func<BearerChallenge?, CancellationToken, Task<TokenService>> _find;
    private readonly SubjectToken? _subject;
    private readonly TimeProvider _time;
    private readonly Action<bool, string?> _onAttempt;
    private readonly Lock _gate = new();
    private AccessToken? _token;
    private TokenService? _service;
    private BearerChallenge? _challenge;
    private Task<AccessToken>? _taking;
    private (int Failures, long Since, string Why, bool IsOfServer) _failed;

    /// <param name="http">Sends the requests.</param>
    /// <param name="find">Finds the token endpoint.</param>
    /// <param name="client">The gateway's account.</param>
    /// <param name="subject">The caller's token to exchange; null for the account's own token.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onAttempt">Receives the result of each attempt, with the reason of a failure.</param>
    public AccessTokens(
        OAuthHttp http, Func<BearerChallenge?, CancellationToken, Task<TokenService>> find, OAuthClientOptions client,
        SubjectToken? subject, TimeProvider time, Action<bool, string?> onAttempt) =>
        (_http, _find, _client, _subject, _time, _onAttempt) = (http, find, client, subject, time, onAttempt);

    /// <summary>The reason why the last attempt failed; null if it succeeded.</summary>
    public string? LastError
    {
        get
        {
            lock (_gate)
                return _failed.Failures > 0 ? _failed.Why : null;
        }
    }

    /// <summary>Returns a token that stays valid for a while.</summary>
    /// <exception cref="OAuthException">No token is available.</exception>
    public ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        Task<AccessToken> taking;
        lock (_gate)
        {
            var (isGood, isFresh) = State(_token);
            if (isFresh)
            {
                if (_failed.Failures > 0 && _time.GetElapsedTime(_token!.Taken) >= Fresh)
                    _failed = default;
                return ValueTask.FromResult(_token!);
            }

            if (_taking is null && WaitLeft() is var wait && wait > TimeSpan.Zero)
            {
                return isGood
                    ? ValueTask.FromResult(_token!)
                    : throw new OAuthException($"{_failed.Why}; the next attempt follows in {wait.TotalSeconds:0.#} s");
            }

            taking = _taking ??= Task.Run(TakeAsync, CancellationToken.None);
            if (isGood)
                return ValueTask.FromResult(_token!);
        }

        return new ValueTask<AccessToken>(taking.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Drops a token that the server refused; the next call requests another, as the challenge directs.
    /// </summary>
    public void Refused(AccessToken token, BearerChallenge? challenge)
    {
        string? why = null;
        lock (_gate)
        {
            if (!ReferenceEquals(_token, token))
                return;
            (_token, _service, _challenge) = (null, null, challenge);
            if (_time.GetElapsedTime(token.Taken) < Fresh)
            {
                why = "the server refused a token that had just been issued"
                    + (challenge?.Error is { } error ? $" ({Printable.Of(error)})" : "");
                Fail(why, isOfServer: true);
            }
        }

        if (why is not null)
            _onAttempt(false, why);
    }

    private (bool IsGood, bool IsFresh) State(AccessToken? token)
    {
        if (token is null)
            return (false, false);
        if (token.Lifetime is not { } lifetime)
            return (true, true);
        var left = lifetime - _time.GetElapsedTime(token.Taken);
        // A fraction of a short lifetime, so that a token of a few seconds can be used at all.
        var renewBefore = TimeSpan.FromTicks(Math.Min(RenewBefore.Ticks, lifetime.Ticks / 4));
        return (left > renewBefore / 4, left > renewBefore);
    }

    private TimeSpan WaitLeft()
    {
        if (_failed.Failures == 0)
            return TimeSpan.Zero;
        var wait = FirstWait * Math.Pow(2, Math.Min(_failed.Failures - 1, 10));
        return (wait < WaitMax ? wait : WaitMax) - _time.GetElapsedTime(_failed.Since);
    }

    private void Fail(string why, bool isOfServer) =>
        _failed = (_failed.Failures + 1, _time.GetTimestamp(), why, isOfServer);

    private async Task<AccessToken> TakeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Within, _time);
            var service = await ServiceAsync(limit.Token);
            var token = await TokenRequest.SendAsync(_http, service, _client, _subject, _time, limit.Token);
            lock (_gate)
            {
                (_token, _service, _taking) = (token, service, null);
                // It is not known yet if the server accepts this token.
                if (!_failed.IsOfServer)
                    _failed = default;
            }

            _onAttempt(true, null);
            return token;
        }
        catch (Exception e)
        {
            // Many calls wait for this task, so every exception is reported to all of them and ends it.
            var why = e switch
            {
                OAuthException => e.Message,
                OperationCanceledException => $"it took longer than {Within.TotalSeconds} s",
                _ => e.GetType().Name,
            };
            lock (_gate)
            {
                (_service, _taking) = (null, null);
                Fail(why, isOfServer: false);
            }

            _onAttempt(false, why);
            throw e as OAuthException ?? new OAuthException(why, e);
        }
    }

    private async Task<TokenService> ServiceAsync(CancellationToken cancellationToken)
    {
        BearerChallenge? challenge;
        lock (_gate)
        {
            if (_service is { } known)
                return known;
            challenge = _challenge;
        }

        return await _find(challenge, cancellationToken);
    }
}

/// <summary>An access token as issued.</summary>
/// <param name="Value">The text after <c>Bearer</c>.</param>
/// <param name="Taken">The time of the request, as a timestamp of the clock in use.</param>
/// <param name="Lifetime">Its lifetime; null if the server did not state one.</param>
internal sealed record AccessToken(string Value, long Taken, TimeSpan? Lifetime);
