namespace Gateway.Policy.Decisions;

/// <summary>What the name of a <c>completion/complete</c> is: only its <c>ref</c> says so.</summary>
public enum PolicySubject
{
    /// <summary>The method itself says what its name is.</summary>
    ByMethod,

    /// <summary>The name of a prompt (<c>ref/prompt</c>).</summary>
    Prompt,

    /// <summary>A resource's URI or URI template (<c>ref/resource</c>).</summary>
    Resource,
}
