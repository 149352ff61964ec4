using Gateway.Limits.Model;

namespace Gateway.Acquire.Deciding;

/// <summary>The result of making or finding the mark of an id.</summary>
/// <param name="Outcome">The known state of the id.</param>
/// <param name="Permit">The mark that was made; default if none was.</param>
/// <param name="Refusal">Reason why nothing is known.</param>
internal readonly record struct CallMark(MarkOutcome Outcome, Permit Permit = default, LimitRefusal? Refusal = null)
{
    /// <summary>True if a mark may have been made without confirmation.</summary>
    public bool MayStand => Refusal is { Kind: RefusalKind.EngineUnavailable };
}
