namespace Gateway.Policy.Patterns;

internal enum GlobStyle
{
    /// <summary>Tool and prompt names: <c>*</c> and <c>?</c>.</summary>
    Name,

    /// <summary>URIs: <c>*</c> only, since <c>?</c> begins a query there.</summary>
    Uri,
}
