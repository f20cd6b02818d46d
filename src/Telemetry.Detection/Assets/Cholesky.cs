namespace Telemetry.Detection.Assets;

/// <summary>Inverts symmetric positive definite matrices, row by row in one span.</summary>
internal static class Cholesky
{
    /// <summary>Replaces a matrix by its inverse; only its lower triangle is read.</summary>
    /// <param name="matrix">count × count values.</param>
    /// <param name="count">Rows and columns.</param>
    public static void Invert(Span<double> matrix, int count)
    {
        Factor(matrix, count);
        InvertFactor(matrix, count);
        Square(matrix, count);
    }

    /// <summary>A = L Lᵀ; L takes the place of the lower triangle.</summary>
    private static void Factor(Span<double> a, int count)
    {
        for (int j = 0; j < count; j++)
        {
            for (int i = j; i < count; i++)
            {
                double sum = a[(i * count) + j];
                for (int k = 0; k < j; k++)
                {
                    sum -= a[(i * count) + k] * a[(j * count) + k];
                }

                a[(i * count) + j] = i == j ? Math.Sqrt(sum) : sum / a[(j * count) + j];
            }
        }
    }

    /// <summary>L⁻¹ takes the place of L, column by column.</summary>
    private static void InvertFactor(Span<double> a, int count)
    {
        for (int j = 0; j < count; j++)
        {
            a[(j * count) + j] = 1 / a[(j * count) + j];
            for (int i = j + 1; i < count; i++)
            {
                double sum = 0;
                for (int k = j; k < i; k++)
                {
                    sum -= a[(i * count) + k] * a[(k * count) + j];
                }

                a[(i * count) + j] = sum / a[(i * count) + i];
            }
        }
    }

    /// <summary>A⁻¹ = L⁻ᵀ L⁻¹ takes the place of L⁻¹; row i needs only rows from i on.</summary>
    private static void Square(Span<double> a, int count)
    {
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = i; k < count; k++)
                {
                    sum += a[(k * count) + i] * a[(k * count) + j];
                }

                a[(i * count) + j] = sum;
                a[(j * count) + i] = sum;
            }
        }
    }
}
