using Gateway.Proxy.Aggregation.Names;

namespace Gateway.Proxy.Tests.Aggregation.Names;

public sealed class ResourceTemplateTests
{
    [Theory]
    [InlineData("crm://item/{id}", "crm://item/7", true)]
    [InlineData("crm://item/{id}", "crm://item/7/more", false)]
    [InlineData("crm://item/{id}", "crm://item/", false)]
    [InlineData("crm://item/{id}", "erp://item/7", false)]
    [InlineData("file:///{+path}", "file:///a/b/c.txt", true)]
    [InlineData("crm://find{?q,n}", "crm://find?q=1&n=2", true)]
    [InlineData("crm://find{?q,n}", "crm://find", true)]
    [InlineData("crm://a.b/{id}", "crm://axb/1", false)]
    [InlineData("crm://item/{id", "crm://item/7", false)]
    public void A_URI_fits_a_template_that_it_may_have_come_of(string template, string uri, bool fits) =>
        Assert.Equal(fits, new ResourceTemplate(template).Fits(uri));
}
