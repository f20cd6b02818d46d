using Telemetry.Detection.Assets;

namespace Telemetry.Detection.Tests.Assets;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void A_matrix_times_its_inverse_is_one(int count)
    {
        double[][] rows = new SyntheticAsset(count, count).Take(3 * count);
        double[] matrix = new double[count * count];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = rows.Sum(row => row[i / count] * row[i % count]);
        }

        double[] inverse = [.. matrix];
        Cholesky.Invert(inverse, count);

        for (int i = 0; i < matrix.Length; i++)
        {
            double product = Enumerable.Range(0, count)
                .Sum(k => matrix[(i / count * count) + k] * inverse[(k * count) + (i % count)]);
            Assert.Equal(i / count == i % count ? 1 : 0, product, 1e-9);
        }
    }
}
