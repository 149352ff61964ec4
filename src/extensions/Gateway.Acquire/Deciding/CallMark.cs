using Gateway.Limits.Model;

namespace Gateway.Acquire.Deciding;

/// <summary>What was found of an id.</summary>
/// <param name="Outcome">Whether it is new.</param>
/// <param name="Permit">The mark that was made; missing where none was.</param>
/// <param name="Refusal">Why nothing is known.</param>
internal readonly record struct CallMark(MarkOutcome Outcome, Permit Permit = default, LimitRefusal? Refusal = null)
{
    /// <summary>Whether one may have been made though nobody could say so.</summary>
    public bool MayStand => Refusal is { Kind: RefusalKind.EngineUnavailable };
}
