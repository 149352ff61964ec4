using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Decisions;

/// <summary>The cost of a call on one limit.</summary>
/// <param name="Cost">The counter, its maximum and the amount, in the form for the engine.</param>
/// <param name="Rule">JSON Pointer to the limit.</param>
/// <param name="Counter">The counter's name as written.</param>
/// <param name="Window">The normalized window.</param>
/// <param name="WindowText">The window as written in the document: <c>minute</c>, <c>60</c>, <c>15m</c>.</param>
public readonly record struct DecisionCost(
    LimitCost Cost, string Rule, string Counter, Window Window, string WindowText)
{
    /// <summary>The shares of the maximum that trigger a notification; empty or default for none.</summary>
    public ImmutableArray<NotifyShare> NotifyAt { get; init; }
}
