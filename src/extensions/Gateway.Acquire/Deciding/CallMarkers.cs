using System.Security.Cryptography;
using System.Text;
using Gateway.Acquire.Options;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Acquire.Deciding;

/// <summary>
/// Marks of charged ids, kept in the limiter itself. Each id is its own counter, and its charge is the fingerprint of
/// the call's costs. The limiter admits only one charge, whichever process requests it, and keeps it over restarts for
/// the length of its window, so no other store is necessary.
/// </summary>
internal sealed class CallMarkers
{
    private const string Call = "call";
    private const string Returned = "returned";
    private const int DigestBytes = 16;
    private readonly ILimiter _limiter;
    private readonly ProcessClock _clock;
    private readonly Window _window;

    public CallMarkers(ILimiter limiter, ProcessClock clock, AcquireOptions options)
    {
        (_limiter, _clock) = (limiter, clock);
        if (!Window.TryFromSeconds((long)options.IdsKeptFor.TotalSeconds, out _window))
            throw new ArgumentException("It is not a valid window.", nameof(options));
    }

    /// <summary>Makes the mark unless there is one. It is durable before this method returns.</summary>
    public async ValueTask<CallMark> MakeAsync(WantedCall call)
    {
        var decision = await _limiter.AcquireAsync(
            RequestOf(Call, call.Service, call.Id, call.Fingerprint), CancellationToken.None);
        return Read(call.Fingerprint, decision);
    }

    /// <summary>Looks for a mark without making one.</summary>
    public async ValueTask<CallMark> FindAsync(WantedCall call)
    {
        var decision = await _limiter.PeekAsync(
            RequestOf(Call, call.Service, call.Id, call.Fingerprint), CancellationToken.None);
        return Read(call.Fingerprint, decision) with { Permit = default };
    }

    /// <summary>
    /// Marks, in advance, that a part of the charge is being returned. This mark is made after the mark of the charge
    /// and so outlives it.
    /// </summary>
    public async ValueTask<CallMark> MakeReturnedAsync(string service, string id)
    {
        var decision = await _limiter.AcquireAsync(RequestOf(Returned, service, id, 1), CancellationToken.None);
        var made = Read(1, decision);
        made.Permit.Complete();
        return made;
    }

    /// <summary>Looks for a mark that a part of the charge was returned.</summary>
    public async ValueTask<CallMark> FindReturnedAsync(string service, string id)
    {
        var decision = await _limiter.PeekAsync(RequestOf(Returned, service, id, 1), CancellationToken.None);
        return Read(1, decision) with { Permit = default };
    }

    private static CallMark Read(long fingerprint, in LimitDecision decision)
    {
        if (decision.IsAdmitted)
            return new(MarkOutcome.New, decision.Permit);
        if (decision.Refusal.Kind != RefusalKind.NoRoom)
            return new(MarkOutcome.Unknown, Refusal: decision.Refusal);
        return new(decision.Refusal.Used == Amount.FromUnits(fingerprint) ? MarkOutcome.Same : MarkOutcome.Other);
    }

    /// <summary>Returns a request for the counter's entire room, so that any second request finds none.</summary>
    private LimitRequest RequestOf(string kind, string service, string id, long fingerprint)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, DigestBytes);
        // A sliding window keeps the mark equally long whenever it was made.
        var key = new CounterKey(
            LimitScope.Service, $"~calls~{service}",
            CounterKey.NameByValue(kind, Convert.ToHexStringLower(digest)), WindowKind.Sliding, _window);
        var whole = Amount.FromUnits(fingerprint);
        return new LimitRequest(CallId.New(), _clock.NowMs(), [new LimitCost(key, whole, whole)]);
    }
}

/// <summary>The result of making or finding the mark of an id.</summary>
/// <param name="Outcome">The known state of the id.</param>
/// <param name="Permit">The mark that was made; default if none was.</param>
/// <param name="Refusal">Reason why nothing is known.</param>
internal readonly record struct CallMark(MarkOutcome Outcome, Permit Permit = default, LimitRefusal? Refusal = null)
{
    /// <summary>True if a mark may have been made without confirmation.</summary>
    public bool MayStand => Refusal is { Kind: RefusalKind.EngineUnavailable };
}

/// <summary>The known state of a call's id.</summary>
internal enum MarkOutcome
{
    /// <summary>The id was not charged before; the mark, if requested, is made.</summary>
    New,

    /// <summary>The id was charged for these costs.</summary>
    Same,

    /// <summary>The id was already charged for other costs.</summary>
    Other,

    /// <summary>The state could not be determined.</summary>
    Unknown,
}
